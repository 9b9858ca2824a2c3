package org.counterex.console.provider;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandProcessor;
import org.counterex.support.data.DataDirectory;
import org.osgi.framework.BundleContext;
import org.osgi.service.log.Logger;

/**
 * Service that runs the commands of one input, selected by the first argument:
 *
 * <ul>
 *   <li>{@code shell}: typed on the terminal;
 *   <li>{@code input}: from standard input, each line on arrival;
 *   <li>{@code commands}: the second argument; further arguments are {@code $1} and so on;
 *   <li>{@code script}: from the file named by the second argument; further arguments likewise;
 *   <li>{@code none}: no commands; only waits until commands could run.
 * </ul>
 *
 * <p>The result is the exit status. Except in the shell, standard output receives results only. If a command fails, it
 * is the last one, and standard error receives one line.
 *
 * <p><b>Threads.</b> One thread runs it; another may stop it.
 */
final class Console implements ToIntFunction<String[]> {

    private final BundleContext context;
    private final Readiness readiness;
    private final Logger log;

    // The streams of the process: System.out and System.err write to the log, and Gogo replaces all three.
    private final InputStream in = System.in;
    private final PrintStream results = stream(FileDescriptor.out);
    private final PrintStream errors = stream(FileDescriptor.err);

    private volatile TerminalShell shell;

    Console(BundleContext context, Readiness readiness, Logger log) {
        this.context = context;
        this.readiness = readiness;
        this.log = log;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        try {
            return run(List.of(arguments));
        } catch (CommandFailure e) {
            if (e.isSelfExplanatory()) {
                log.info("command failed: " + e.getMessage());
                log.debug("stack trace of the failure:", e.getCause());
            } else {
                log.info("command failed: " + e.getMessage(), e.getCause());
            }
            return fail(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail("interrupted");
        } catch (Exception e) {
            log.error("the console failed", e);
            return fail(CommandFailure.plain(String.valueOf(e.getMessage())));
        }
    }

    /** Ends the shell if it is running. */
    void stop() throws InterruptedException {
        TerminalShell running = shell;
        if (running != null) {
            running.stop();
        }
    }

    private int run(List<String> arguments) throws Exception {
        Optional<String> problem = readiness.await();
        CommandProcessor processor = context.getService(context.getServiceReference(CommandProcessor.class));
        if (arguments.get(0).equals("shell")) {
            Path history = DataDirectory.of(context).resolve("history");
            shell = new TerminalShell((CommandProcessorImpl) processor, context, history);
            return shell.run(problem);
        }
        if (problem.isPresent()) {
            log.error(problem.get());
            return fail(problem.get());
        }
        Batch batch = new Batch(processor, in, results);
        switch (arguments.get(0)) {
            case "none":
                log.info("running");
                return 0;
            case "input":
                return batch.run(new CommandLines(in, "standard input"), List.of());
            case "commands":
                byte[] text = arguments.get(1).getBytes(StandardCharsets.UTF_8);
                return batch.run(new CommandLines(new ByteArrayInputStream(text), ""), rest(arguments));
            case "script":
                String file = arguments.get(1);
                try (InputStream script = new BufferedInputStream(Files.newInputStream(Path.of(file)))) {
                    return batch.run(new CommandLines(script, file), rest(arguments));
                }
            default:
                throw new IllegalArgumentException("unknown input: input=" + arguments.get(0));
        }
    }

    private static List<String> rest(List<String> arguments) {
        return arguments.subList(2, arguments.size());
    }

    private int fail(String message) {
        errors.print("counterex: " + message + "\n");
        return 1;
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
