package org.counterex.shell.provider;

import static org.counterex.shell.provider.command.Command.LINE;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Process;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.counterex.api.CounterNames;
import org.counterex.shell.provider.command.Command;
import org.counterex.shell.provider.format.Counts;
import org.counterex.shell.provider.format.TextTable;
import org.counterex.shell.provider.measure.Sample;
import org.counterex.shell.provider.terminal.EndOfInput;
import org.counterex.shell.provider.terminal.Screen;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Command {@code counter:watch}: live values and rates of a namespace. */
@GogoCommand(scope = "counter", function = "watch")
@Component(service = WatchCommand.class, immediate = true)
public final class WatchCommand {

    private static final String WATCH = "watch NS";
    /** Lines of a frame that do not show a counter, including the line of the cursor below. */
    private static final int OTHER_LINES = 4;

    private final RegistryAccess access;
    private final long intervalMs;

    @Activate
    public WatchCommand(@Reference RegistryAccess access) {
        this(access, 1000);
    }

    WatchCommand(RegistryAccess access, long intervalMs) {
        this.access = access;
        this.intervalMs = intervalMs;
    }

    @Descriptor("show the highest values and their growth per second, live, until a key is pressed")
    public void watch(
            CommandSession session,
            @Descriptor(WATCH + LINE
                            + "Into a pipe or file: one line per second. Without a terminal: until the input ends.")
                    String... words) {
        Command.run(WATCH, words, arguments -> {
            String namespace = arguments.text("NS");
            Process process = Process.Utils.current();
            try (Screen screen = Screen.of(session)) {
                boolean redraws = screen.redraws() && process.isTty(1);
                StopCondition stop = screen != Screen.NONE && process.isTty(0)
                        ? screen::keyWithin
                        : new EndOfInput(process.in())::within;
                Sample before = sample(namespace);
                for (Sample now = before; ; now = sample(namespace)) {
                    if (redraws) {
                        screen.draw(frame(namespace, now, before, screen.rows()));
                    } else {
                        process.out().println(line(now, before));
                    }
                    if (process.out().checkError() || stop.awaitWithin(intervalMs)) {
                        return null;
                    }
                    before = now;
                }
            } catch (InterruptedException | InterruptedIOException e) {
                // An interrupt is the way to end the command where no key press reaches it.
                return null;
            }
        });
    }

    private Sample sample(String namespace) {
        return Sample.of(access.counters().namespace(namespace).getAll());
    }

    private List<String> frame(String namespace, Sample now, Sample before, int rows) {
        List<String> lines = new ArrayList<>();
        lines.add(CounterNames.escape(namespace) + " on " + access.registry().explain(namespace).backend + ": "
                + line(now, before));
        TextTable table = new TextTable().row("KEY", "VALUE", "PER SECOND");
        int shown = Math.max(1, rows - OTHER_LINES);
        Counts.highest(now.values(), shown).forEach((key, value) -> table.row(key, value, now.rate(key, before)));
        table.toString().lines().forEach(lines::add);
        lines.add((now.values().size() > shown ? "and " + (now.values().size() - shown) + " more; " : "")
                + "press any key to end");
        return lines;
    }

    private static String line(Sample now, Sample before) {
        return Counts.phrase(now.values().size()) + ", sum " + now.sum() + ", " + now.rate(before) + " per second";
    }

    /** Key press or end of input that ends the command. */
    private interface StopCondition {
        boolean awaitWithin(long milliseconds) throws IOException, InterruptedException;
    }
}
