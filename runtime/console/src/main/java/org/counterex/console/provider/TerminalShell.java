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
 * Interactive shell on the terminal: the shell of gogo.jline with the profile {@code etc/gosh_profile} in a {@link
 * TerminalSession}.
 *
 * <p><b>Threads.</b> The thread that creates it runs it, once; another may stop it.
 */
final class TerminalShell {

    private static final long STOP_MS = 2_000;

    private final Thread thread = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Terminal terminal;
    private final Shell shell;
    private final TerminalSession session;

    /**
     * @param history file for the command history
     * @throws IOException the terminal cannot be used
     */
    TerminalShell(CommandProcessorImpl processor, BundleContext context, Path history) throws IOException {
        terminal = SystemTerminal.open();
        shell = new Shell(new ShellContext(context), processor);
        session = new TerminalSession(processor, terminal, shell::stop);
        session.put(Shell.VAR_TERMINAL, terminal);
        session.put(LineReader.HISTORY_FILE, history);
    }

    /**
     * Reads and runs commands until {@code exit} or the end of input, and restores the terminal.
     *
     * @param problem printed first
     * @return the exit status
     */
    int run(Optional<String> problem) throws Exception {
        try {
            problem.ifPresent(terminal.writer()::println);
            // --login: read the profile. --nohistory: the session names the file. --noshutdown: the launcher stops the
            // framework.
            shell.gosh(session, new String[] {"--login", "--nohistory", "--noshutdown"});
            return session.status();
        } finally {
            session.close();
            terminal.close();
            ended.countDown();
        }
    }

    /**
     * Ends the shell, even while it reads a line or runs a command, and waits briefly until the terminal is restored.
     */
    void stop() throws InterruptedException {
        shell.stop();
        thread.interrupt();
        ended.await(STOP_MS, TimeUnit.MILLISECONDS);
    }

    /** Environment of the shell: framework properties. */
    private record ShellContext(BundleContext context) implements Shell.Context {

        @Override
        public String getProperty(String name) {
            return context.getProperty(name);
        }

        /** Never called, because of {@code --noshutdown}. */
        @Override
        public void exit() {}
    }
}
