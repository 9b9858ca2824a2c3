package org.counterex.shell.provider.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.counterex.shell.provider.command.CommandException;

/**
 * Terminal of a session, for output that is redrawn in place and for key presses. Command results are never written to
 * it. Used by one thread.
 */
public interface Screen extends AutoCloseable {

    /** Screen of a session without a terminal: draws nothing and never receives a key press. */
    Screen NONE = new Screen() {
        @Override
        public int rows() {
            return 0;
        }

        @Override
        public boolean redraws() {
            return false;
        }

        @Override
        public void draw(List<String> lines) {}

        @Override
        public InputStream typed() {
            return InputStream.nullInputStream();
        }

        @Override
        public boolean keyWithin(long milliseconds) throws InterruptedException {
            Thread.sleep(milliseconds);
            return false;
        }

        @Override
        public void close() {}
    };

    /** Returns the number of rows of the terminal. */
    int rows();

    /** Returns whether drawn lines can be replaced; a dumb terminal cannot. */
    boolean redraws();

    /**
     * Replaces the lines drawn before; an empty list erases them. Each line is cut at the right edge. Does nothing if
     * the terminal cannot replace lines.
     */
    void draw(List<String> lines);

    /**
     * Returns the input typed from now on, up to Ctrl-D; a read throws {@link CommandException} if Ctrl-C is pressed.
     */
    InputStream typed();

    /**
     * Waits for a key press, which is not echoed, or for Ctrl-C.
     *
     * @return false if no key was pressed within the time
     * @throws InterruptedException the thread was interrupted; or {@link java.io.InterruptedIOException}
     */
    boolean keyWithin(long milliseconds) throws IOException, InterruptedException;

    /** Restores the terminal; the lines drawn last remain visible. */
    @Override
    void close();

    /** Returns the screen of a session; {@link #NONE} if it has no terminal or the line editor is missing. */
    static Screen of(CommandSession session) {
        Object terminal = session.get(".terminal");
        if (terminal == null) {
            return NONE;
        }
        try {
            return TerminalScreen.of(terminal);
        } catch (NoClassDefFoundError e) {
            // org.jline is an optional import and was missing when this bundle was resolved.
            return NONE;
        }
    }
}
