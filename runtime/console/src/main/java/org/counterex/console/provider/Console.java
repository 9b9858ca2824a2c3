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
 * Reads commands to their end, from where the first argument says:
 *
 * <ul>
 *   <li>{@code shell}: somebody types them on the terminal;
 *   <li>{@code input}: standard input, each line when it arrives;
 *   <li>{@code commands}: the second argument is the commands, the others are their {@code $1} and so on;
 *   <li>{@code script}: the second argument is a file, the others likewise;
 *   <li>{@code none}: there are none; this only waits until they could begin.
 * </ul>
 *
 * <p>The result is the exit status. Where nobody types, standard output has results only and standard error one line, if a
 * command fails, which is the last then.
 *
 * <p><b>Threads.</b> One runs it; another may stop it.
 */
final class Console implements ToIntFunction<String[]> {

    private final BundleContext context;
    private final Readiness readiness;
    private final Logger log;

    // Those of the process: System.out and System.err are the log's, and Gogo exchanges all three.
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
            if (e.isUnderstood()) {
                log.info("a command failed: " + e.getMessage());
                log.debug("where it failed:", e.getCause());
            } else {
                log.info("a command failed: " + e.getMessage(), e.getCause());
            }
            return failed(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("interrupted");
        } catch (Exception e) {
            log.error("the console failed", e);
            return failed(CommandFailure.plain(String.valueOf(e.getMessage())));
        }
    }

    /** Ends the shell, if it runs. */
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
            return failed(problem.get());
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
                throw new IllegalArgumentException("no such input: " + arguments.get(0));
        }
    }

    private static List<String> rest(List<String> arguments) {
        return arguments.subList(2, arguments.size());
    }

    private int failed(String message) {
        errors.print("counterex: " + message + "\n");
        return 1;
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
