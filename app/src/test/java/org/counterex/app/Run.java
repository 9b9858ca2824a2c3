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

/** A process that runs the program. Whatever does not happen within a minute is an {@link AssertionError}. */
final class Run implements AutoCloseable {

    private static final long DEADLINE_S = 60;

    /** A thread for each stream: the common pool may have one only, and both streams of all processes are read. */
    private static final Executor READERS = task -> {
        Thread reader = new Thread(task, "reader");
        reader.setDaemon(true);
        reader.start();
    };

    /** How a process ended, and what it printed that was not taken before. */
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
     * Starts a program with the Java of this test.
     *
     * @param environment in addition to that of this test
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

    /** The next line of standard output, once it is there. */
    String line() throws InterruptedException {
        String line = out.poll(DEADLINE_S, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no line of output in " + DEADLINE_S + " s");
        }
        return line;
    }

    /** Asks the process to end, as an operating system does that shuts down. */
    Run terminate() {
        // Process.destroy would close its streams too.
        process.toHandle().destroy();
        return this;
    }

    /** Ends the process at once, as a crash does. */
    Run kill() {
        process.toHandle().destroyForcibly();
        return this;
    }

    /** Waits for the end of the process; standard input stays open meanwhile. */
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

    /** Leaves nothing behind when a test has failed. */
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
