package org.counterex.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.counterex.launcher.CommandLine.Mode;
import org.osgi.framework.BundleException;

/** The program: starts its copy of the distribution, does what the command line asks for, and stops in order. */
public final class Main {

    private static final String HELP = """
            usage: counterex                        a shell on a terminal; else commands from standard input, line by line
                   counterex -c COMMANDS [ARG...]   these commands
                   counterex SCRIPT [ARG...]        the commands in a file
                   counterex run                    no commands; until it is told to stop (SIGTERM)
                   counterex --help | --version

            Commands are separated by a semicolon or the end of a line; each result is a line of its own. In -c and SCRIPT,
            $1 is the first ARG. To begin with:

                   counterex -c 'counter:inc http requests; counter:get http requests'
                   counterex -c help

            Exit status: 0; 1 after the first command that fails, with one line on standard error; N after "exit N".
            Environment: JAVA_HOME, the Java to use (17 or later); COUNTEREX_OPTS, options for its VM.
            """;

    private Main() {}

    /** @param arguments as typed */
    public static void main(String[] arguments) {
        PrintStream results = System.out;
        PrintStream errors = System.err;
        int status;
        try {
            CommandLine line = CommandLine.of(List.of(arguments), Boolean.getBoolean("counterex.terminal"));
            status = switch (line.mode()) {
                case HELP -> tell(results, HELP.stripTrailing());
                case VERSION ->
                    tell(results, "counterex " + Main.class.getPackage().getImplementationVersion());
                case CONSOLE, RUN -> launch(line);
            };
        } catch (LaunchException e) {
            errors.println("counterex: " + e.getMessage());
            status = 1;
        }
        System.exit(status);
    }

    private static int tell(PrintStream results, String text) {
        results.println(text);
        return 0;
    }

    private static int launch(CommandLine line) {
        Folder folder = Folder.own();
        folder.take();
        try {
            // From here on standard output and error belong to the console; whatever else is printed is for the log.
            PrintStream log = folder.log();
            System.setOut(log);
            System.setErr(log);
            // The line editor looks for its parts with this loader if there is one, and would not find them.
            Thread.currentThread().setContextClassLoader(null);
            return run(line, new Platform(folder, log));
        } catch (Exception e) {
            e.printStackTrace();
            throw new LaunchException("start failed, see log/counterex.log: " + e.getMessage());
        }
    }

    private static int run(CommandLine line, Platform platform)
            throws InterruptedException, BundleException, IOException {
        AtomicBoolean runs = new AtomicBoolean();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            platform.stop();
                            if (runs.get()) {
                                // To be told to stop is how "run" ends when all is well: not a failure, as a signal is.
                                Runtime.getRuntime().halt(0);
                            }
                        },
                        "stop"));
        platform.start();
        if (line.lasts()) {
            platform.startRest();
        }
        if (line.mode() == Mode.RUN) {
            int status = platform.console(line.console());
            if (status == 0) {
                runs.set(true);
                platform.awaitStop();
            }
            return status;
        }
        // In a thread of its own, which need not end when the framework is stopped: nothing ends a read of standard
        // input.
        FutureTask<Integer> console = new FutureTask<>(() -> platform.console(line.console()));
        Thread thread = new Thread(
                () -> {
                    console.run();
                    platform.stop();
                },
                "console");
        thread.setDaemon(true);
        thread.start();
        platform.awaitStop();
        try {
            return console.isDone() ? console.get() : 0;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e);
        }
    }
}
