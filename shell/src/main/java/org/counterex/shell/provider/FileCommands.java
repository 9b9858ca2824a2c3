package org.counterex.shell.provider;

import static org.counterex.shell.provider.command.Command.LINE;

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

/** The commands {@code counter:export} and {@code counter:import}: the counters of a namespace as a JSON file. */
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

    @Descriptor("write all counters of a namespace to a JSON file, which is replaced atomically")
    public String export(
            CommandSession session,
            @Descriptor(EXPORT + LINE + "If counters change meanwhile, the file is not a snapshot of one moment.")
                    String... words) {
        return Command.run(EXPORT, words, given -> {
            CounterNamespace namespace = access.counters().namespace(given.text("NS"));
            Map<String, Long> counters = Counts.byKey(namespace.getAll());
            CounterFile.write(session.currentDir().resolve(given.text("FILE")), namespace.name(), counters);
            return Counts.phrase(counters.size()) + " exported";
        });
    }

    /**
     * The name starts with an underscore because the word is reserved in Java; Gogo looks the command up under this
     * name.
     */
    @Descriptor("set counters to the values in a file written by export")
    public String _import(
            CommandSession session,
            @Descriptor(IMPORT + LINE
                            + "Sets values, does not add them. Counters that are not in the file are unchanged."
                            + LINE + "NS may differ from the namespace that was exported."
                            + LINE + "The whole file is checked before anything is changed.")
                    String... words) {
        return Command.run(IMPORT, words, given -> {
            CounterNamespace namespace = access.counters().namespace(given.text("NS"));
            Path file = session.currentDir().resolve(given.text("FILE"));
            Map<String, Long> counters = CounterFile.read(file);
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
