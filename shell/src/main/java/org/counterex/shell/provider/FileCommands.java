package org.counterex.shell.provider;

import static org.counterex.shell.provider.command.Command.LINE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNamespace;
import org.counterex.shell.provider.command.Command;
import org.counterex.shell.provider.command.CommandException;
import org.counterex.shell.provider.format.Counts;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code counter:export} and {@code counter:import}: counters to a JSON file and back. */
@GogoCommand(
        scope = "counter",
        function = {"export", "import"})
@Component(service = FileCommands.class, immediate = true)
public final class FileCommands {

    private static final String EXPORT = "export NS FILE";
    private static final String IMPORT = "import NS FILE";

    private final RegistryAccess access;

    @Activate
    public FileCommands(@Reference RegistryAccess access) {
        this.access = access;
    }

    @Descriptor("write every counter with its value to a JSON file, which is replaced as a whole")
    public String export(
            CommandSession session,
            @Descriptor(EXPORT + LINE + "If others count meanwhile, the values are not all of the same moment.")
                    String... words) {
        return Command.run(EXPORT, words, given -> {
            CounterNamespace namespace = access.counters().namespace(given.text("NS"));
            Map<String, Long> counters = Counts.byKey(namespace.getAll());
            new CounterFile(namespace.name(), counters)
                    .write(session.currentDir().resolve(given.text("FILE")));
            return Counts.phrase(counters.size()) + " exported";
        });
    }

    /** Named with a line in front because the word is reserved; Gogo looks for it so. */
    @Descriptor("set counters to the values in a JSON file that export has written")
    public String _import(
            CommandSession session,
            @Descriptor(IMPORT + LINE + "Sets, does not add. Counters that are not in the file stay as they are."
                            + LINE + "NS may differ from the namespace that was exported."
                            + LINE + "The whole file is checked before anything is changed.")
                    String... words) {
        return Command.run(IMPORT, words, given -> {
            CounterNamespace namespace = access.counters().namespace(given.text("NS"));
            Path file = session.currentDir().resolve(given.text("FILE"));
            Map<String, Long> counters =
                    CounterFileReader.read(Files.readString(file)).counters();
            int set = 0;
            try {
                for (Map.Entry<String, Long> counter : counters.entrySet()) {
                    namespace.set(counter.getKey(), counter.getValue());
                    set++;
                }
            } catch (CounterException e) {
                throw new CommandException(e.getMessage() + " set before=" + set + " of=" + counters.size(), e);
            }
            return Counts.phrase(set) + " imported";
        });
    }
}
