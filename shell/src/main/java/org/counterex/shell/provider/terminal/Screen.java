package org.counterex.shell.provider.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.counterex.shell.provider.command.CommandException;

/** The terminal of a session, for what changes while one looks. Results never go here. Used by one thread. */
public interface Screen extends AutoCloseable {

    /** Where there is no terminal. Nothing is drawn and no key is ever pressed. */
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

    /** Rows of the terminal. */
    int rows();

    /** Whether it can replace what it has drawn; a dumb terminal cannot. */
    boolean redraws();

    /**
     * Draws lines in the place of those drawn before, each cut at the edge; no lines wipe them out. Does nothing where
     * nothing can be replaced.
     */
    void draw(List<String> lines);

    /** What is typed from now on, up to Ctrl-D; a read ends with {@link CommandException} if Ctrl-C is pressed. */
    InputStream typed();

    /**
     * Waits for a key, which is not echoed, or for Ctrl-C.
     *
     * @return false if there was none within the time
     * @throws InterruptedException the thread was interrupted; or {@link java.io.InterruptedIOException}
     */
    boolean keyWithin(long milliseconds) throws IOException, InterruptedException;

    /** Leaves on the terminal what was drawn last, and the terminal as it was. */
    @Override
    void close();

    /** The terminal of a session; {@link #NONE} if it has none or the line editor is not there to handle it. */
    static Screen of(CommandSession session) {
        Object terminal = session.get(".terminal");
        if (terminal == null) {
            return NONE;
        }
        try {
            return TerminalScreen.of(terminal);
        } catch (NoClassDefFoundError e) {
            // org.jline is an optional import, and was not there when this bundle was resolved
            return NONE;
        }
    }
}
