package org.counterex.shell.provider;

import static org.counterex.shell.provider.command.Command.LINE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Process;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.counterex.api.CounterNames;
import org.counterex.shell.provider.command.Arguments;
import org.counterex.shell.provider.command.Command;
import org.counterex.shell.provider.command.CommandException;
import org.counterex.shell.provider.tally.Splitter;
import org.counterex.shell.provider.tally.Tally;
import org.counterex.shell.provider.terminal.Progress;
import org.counterex.shell.provider.terminal.Screen;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Command {@code counter:tally}: counts the lines, words, fields or matches in a file. */
@GogoCommand(scope = "counter", function = "tally")
@Component(service = TallyCommand.class, immediate = true)
public final class TallyCommand {

    private static final String TALLY = "tally NS FILE [--words | --field N | --match REGEX]";
    private static final String STANDARD_INPUT = "-";

    private final RegistryAccess access;

    @Activate
    public TallyCommand(@Reference RegistryAccess access) {
        this.access = access;
    }

    @Descriptor("count every line of a file, or every word, field or match in it")
    public String tally(
            CommandSession session,
            @Descriptor(TALLY
                            + LINE
                            + "FILE     - is standard input, on a terminal up to Ctrl-D; lines end with LF or CR LF"
                            + LINE + "--words  count every word, separated by white space, unchanged"
                            + LINE + "--field  count the N-th word of each line"
                            + LINE + "--match  count every match of a Java regular expression in each line, or of its"
                            + LINE
                            + "         first group if it has one: counter:tally http log --match '\"GET ([^ ]+)'"
                            + LINE
                            + "Empty tokens are not counted. Tokens over 1024 characters are skipped, and with --match"
                            + LINE + "lines over 1 MiB. Each byte that is not part of valid UTF-8 becomes the character"
                            + LINE + "U+EF00 + byte, so that different bytes are counted separately.")
                    String... words) {
        return Command.run(TALLY, words, arguments -> {
            Tally tally = new Tally(access.counters().namespace(arguments.text("NS")));
            Splitter splitter = splitter(arguments, tally);
            String file = arguments.text("FILE");
            try (Screen screen = Screen.of(session)) {
                if (!file.equals(STANDARD_INPUT)) {
                    count(tally, session.currentDir().resolve(file), splitter, screen);
                } else if (screen != Screen.NONE && Process.Utils.current().isTty(0)) {
                    tally.count(screen.typed(), splitter, bytes -> {});
                } else {
                    InputStream in = Process.Utils.current().in();
                    tally.count(in, splitter, new Progress(screen, file, 0, System::nanoTime));
                }
                screen.draw(List.of());
            }
            return unit(arguments) + ": " + tally.counted() + " counted, " + tally.skipped() + " skipped"
                    + (tally.skipped() == 0 ? "" : " as too long");
        });
    }

    private static void count(Tally tally, Path file, Splitter splitter, Screen screen)
            throws IOException, InterruptedException {
        if (Files.isDirectory(file)) {
            throw new CommandException("file is a directory: FILE=" + file);
        }
        try (InputStream in = Files.newInputStream(file)) {
            String label = file.getFileName().toString();
            tally.count(in, splitter, new Progress(screen, label, Files.size(file), System::nanoTime));
        }
    }

    private static Splitter splitter(Arguments arguments, Tally tally) {
        if (arguments.has("--match")) {
            return Splitter.lines(Tally.MAX_LINE_BYTES, tally.matchesOf(expression(arguments.text("--match"))));
        }
        if (arguments.has("--field")) {
            long field = arguments.number("--field", 1, 1, Long.MAX_VALUE);
            return Splitter.fields(field, Tally.MAX_TOKEN_BYTES, tally);
        }
        return arguments.has("--words")
                ? Splitter.words(Tally.MAX_TOKEN_BYTES, tally)
                : Splitter.lines(Tally.MAX_TOKEN_BYTES, tally);
    }

    private static String unit(Arguments arguments) {
        return arguments.has("--match")
                ? "matches"
                : arguments.has("--field") ? "fields" : arguments.has("--words") ? "words" : "lines";
    }

    private static Pattern expression(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new CommandException(
                    "not a regular expression: --match=" + CounterNames.printable(text) + " problem="
                            + e.getDescription() + " index=" + e.getIndex(),
                    e);
        }
    }
}
