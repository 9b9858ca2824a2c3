package org.counterex.console.provider;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.jline.reader.LineReader;
import org.jline.terminal.Terminal;
import org.osgi.framework.BundleContext;

/**
 * The shell on the terminal: that of gogo.jline with its profile {@code etc/gosh_profile}, in a session of our own.
 *
 * <p><b>Threads.</b> The one that makes it runs it, once; another may stop it.
 */
final class TerminalShell {

    private static final long STOP_MS = 2_000;

    private final Thread thread = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Terminal terminal;
    private final Shell shell;
    private final TerminalSession session;

    /**
     * @param history the file for what was typed
     * @throws IOException the terminal cannot be used
     */
    TerminalShell(CommandProcessorImpl processor, BundleContext context, Path history) throws IOException {
        terminal = SystemTerminal.open();
        shell = new Shell(new Surroundings(context), processor);
        session = new TerminalSession(processor, terminal, shell::stop);
        session.put(Shell.VAR_TERMINAL, terminal);
        session.put(LineReader.HISTORY_FILE, history);
    }

    /**
     * Reads and runs commands until {@code exit} or the end of input, and leaves the terminal as it was.
     *
     * @param problem to be told first
     * @return the exit status
     */
    int run(Optional<String> problem) throws Exception {
        try {
            problem.ifPresent(terminal.writer()::println);
            // Login: with the profile. History goes to the file above. Who started the framework stops it.
            shell.gosh(session, new String[] {"--login", "--nohistory", "--noshutdown"});
            return session.status();
        } finally {
            session.close();
            terminal.close();
            ended.countDown();
        }
    }

    /** Ends it, also while it waits for a line or a command; waits a little until the terminal is as it was. */
    void stop() throws InterruptedException {
        shell.stop();
        thread.interrupt();
        ended.await(STOP_MS, TimeUnit.MILLISECONDS);
    }

    /** What the shell asks of where it runs. */
    private record Surroundings(BundleContext context) implements Shell.Context {

        @Override
        public String getProperty(String name) {
            return context.getProperty(name);
        }

        /** Not asked for, with {@code --noshutdown}. */
        @Override
        public void exit() {}
    }
}
