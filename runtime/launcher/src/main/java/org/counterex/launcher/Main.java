package org.counterex.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.counterex.launcher.CommandLine.Mode;
import org.osgi.framework.BundleException;

/**
 * Main class of the program: starts its copy of the distribution, runs what the command line asks for, and shuts down.
 */
public final class Main {

    private static final String HELP = """
            usage: counterex                        shell on a terminal; otherwise commands from standard input, line by line
                   counterex -c COMMANDS [ARG...]   run commands
                   counterex SCRIPT [ARG...]        run the commands in a file
                   counterex run                    run without commands until terminated (SIGTERM)
                   counterex --help | --version

            Commands are separated by semicolons or line ends; each result is printed on a line of its own. In -c and SCRIPT,
            $1 is the first ARG. Examples:

                   counterex -c 'counter:inc http requests; counter:get http requests'
                   counterex -c help

            Exit status: 0 on success; 1 if a command fails, with one line on standard error, and later commands are not run;
            N after "exit N".
            Environment: JAVA_HOME, the Java installation (17 or later); COUNTEREX_OPTS, options for the Java VM.
            """;

    private Main() {}

    /** Runs the program and exits with its status. */
    public static void main(String[] arguments) {
        PrintStream results = System.out;
        PrintStream errors = System.err;
        int status;
        try {
            CommandLine line = CommandLine.of(List.of(arguments), Boolean.getBoolean("counterex.terminal"));
            status = switch (line.mode()) {
                case HELP -> print(results, HELP.stripTrailing());
                case VERSION ->
                    print(results, "counterex " + Main.class.getPackage().getImplementationVersion());
                case CONSOLE, RUN -> launch(line);
            };
        } catch (LaunchException e) {
            errors.println("counterex: " + e.getMessage());
            status = 1;
        }
        System.exit(status);
    }

    private static int print(PrintStream results, String text) {
        results.println(text);
        return 0;
    }

    private static int launch(CommandLine line) {
        Folder folder = Folder.own();
        folder.lock();
        try {
            // From here on, only the console writes to standard output and error; all other output goes to the log.
            PrintStream log = folder.log();
            System.setOut(log);
            System.setErr(log);
            // The line editor would search its providers with the context class loader, which does not see them.
            Thread.currentThread().setContextClassLoader(null);
            return run(line, new Platform(folder, log));
        } catch (Exception e) {
            e.printStackTrace();
            throw new LaunchException("start failed, see log/counterex.log: " + e.getMessage());
        }
    }

    private static int run(CommandLine line, Platform platform)
            throws InterruptedException, BundleException, IOException {
        AtomicBoolean runMode = new AtomicBoolean();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            platform.stop();
                            if (runMode.get()) {
                                // SIGTERM is the regular end of "run": exit status 0 instead of that of a signal.
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
                runMode.set(true);
                platform.awaitStop();
            }
            return status;
        }
        // In a daemon thread, which need not end when the framework stops: a read of standard input cannot be
        // cancelled.
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
