package org.counterex.shell.provider.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.utils.AttributedString;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/** Screen on a JLine terminal. */
final class TerminalScreen implements Screen {

    private static final int DEFAULT_COLUMNS = 80;
    private static final int DEFAULT_ROWS = 24;
    /** Timeout for the rest of a multi-character key, which the terminal sends without delay. */
    private static final long REST_OF_KEY_MS = 20;
    /** Interval at which a wait for a key checks for Ctrl-C. */
    private static final long INTERRUPT_MS = 100;

    private final Terminal terminal;
    private int drawn;

    /** Null until input is read. */
    private Attributes attributesBefore;
    /** Null until the first wait for a key. */
    private SignalHandler interruptBefore;

    private volatile boolean interrupted;

    private TerminalScreen(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Returns the screen of a terminal; {@link Screen#NONE} if it belongs to another line editor. */
    static Screen of(Object terminal) {
        return terminal instanceof Terminal known ? new TerminalScreen(known) : NONE;
    }

    @Override
    public int rows() {
        return terminal.getHeight() > 0 ? terminal.getHeight() : DEFAULT_ROWS;
    }

    @Override
    public boolean redraws() {
        return terminal.getStringCapability(Capability.clr_eos) != null
                && terminal.getStringCapability(Capability.parm_up_cursor) != null;
    }

    @Override
    public void draw(List<String> lines) {
        if (!redraws() || drawn + lines.size() == 0) {
            return;
        }
        int columns = terminal.getWidth() > 0 ? terminal.getWidth() : DEFAULT_COLUMNS;
        terminal.writer().write('\r');
        if (drawn > 1) {
            terminal.puts(Capability.parm_up_cursor, drawn - 1);
        }
        terminal.puts(Capability.clr_eos);
        for (int i = 0; i < lines.size(); i++) {
            terminal.writer().write(i == 0 ? "" : "\n");
            terminal.writer()
                    .write(new AttributedString(lines.get(i))
                            .columnSubSequence(0, columns - 1)
                            .toString());
        }
        terminal.flush();
        drawn = lines.size();
    }

    @Override
    public InputStream typed() {
        // Raw mode from the start and between lines too: a Ctrl-D that the terminal driver consumes would be lost.
        attributesBefore = terminal.enterRawMode();
        return new SequenceInputStream(new TypedLines(terminal));
    }

    @Override
    public boolean keyWithin(long milliseconds) throws IOException {
        if (attributesBefore == null) {
            interruptBefore = terminal.handle(Signal.INT, signal -> interrupted = true);
            attributesBefore = terminal.enterRawMode();
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        while (!interrupted) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            int key = terminal.reader().read(Math.min(left, INTERRUPT_MS));
            if (key != NonBlockingReader.READ_EXPIRED) {
                // An arrow key sends several characters; the prompt must not receive the rest.
                while (terminal.reader().read(REST_OF_KEY_MS) >= 0) {}
                return true;
            }
        }
        return true;
    }

    @Override
    public void close() {
        // After an interrupt the shell is already at its prompt.
        if (drawn > 0 && !Thread.currentThread().isInterrupted()) {
            terminal.writer().write('\n');
            terminal.flush();
        }
        if (attributesBefore != null) {
            terminal.setAttributes(attributesBefore);
        }
        if (interruptBefore != null) {
            terminal.handle(Signal.INT, interruptBefore);
        }
    }
}
