package org.counterex.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Process that runs the program. Each wait for it fails with an {@link AssertionError} after one minute. */
final class Run implements AutoCloseable {

    private static final long DEADLINE_S = 60;

    /** One thread per stream: the common pool may have a single thread, and both streams of every process are read. */
    private static final Executor READERS = task -> {
        Thread reader = new Thread(task, "reader");
        reader.setDaemon(true);
        reader.start();
    };

    /** Exit status of a process, and the output that {@link #line()} has not returned. */
    record Outcome(int status, String out, String err) {}

    private final Process process;
    private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> outEnd;
    private final CompletableFuture<String> err;

    private Run(Process process) {
        this.process = process;
        outEnd = CompletableFuture.runAsync(this::readOut, READERS);
        err = CompletableFuture.supplyAsync(() -> text(process), READERS);
    }

    /**
     * Starts a program with the Java installation of this test.
     *
     * @param environment variables in addition to those of this test
     */
    static Run of(Path program, Map<String, String> environment, List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(arguments);
        words.add(0, program.toString());
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("COUNTEREX_OPTS", System.getProperty("counterex.opts", ""));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return new Run(builder.start());
    }

    /** Sends a line to standard input. */
    Run send(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
        return this;
    }

    /** Waits for the next line of standard output and returns it. */
    String line() throws InterruptedException {
        String line = out.poll(DEADLINE_S, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no line of output in " + DEADLINE_S + " s");
        }
        return line;
    }

    /** Requests termination (SIGTERM), as at the shutdown of the operating system. */
    Run terminate() {
        // Process.destroy would also close the streams.
        process.toHandle().destroy();
        return this;
    }

    /** Kills the process (SIGKILL), as a crash would. */
    Run kill() {
        process.toHandle().destroyForcibly();
        return this;
    }

    /** Waits for the end of the process with standard input left open. */
    Outcome outcome() throws InterruptedException {
        if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
            throw new AssertionError("no end in " + DEADLINE_S + " s");
        }
        outEnd.join();
        StringBuilder lines = new StringBuilder();
        out.forEach(line -> lines.append(line).append('\n'));
        return new Outcome(process.exitValue(), lines.toString(), err.join());
    }

    /** Closes standard input and waits for the end of the process. */
    Outcome end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        return outcome();
    }

    /** Kills the process if it still runs, as after a failed test. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void readOut() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().forEach(out::add);
        } catch (IOException e) {
            out.add(e.toString());
        }
    }

    private static String text(Process process) {
        try {
            return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
