package org.counterex.itest;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.launch.FrameworkFactory;

/** Child process that runs {@link CrashMain} until it is killed. */
final class CrashVictim implements AutoCloseable {

    /** The bundles in start order; the registry starts after its backends. */
    private static final List<String> BUNDLES = List.of(
            "pax-logging-api",
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "org.counterex.api",
            "org.counterex.backend.ets",
            "org.counterex.backend.mvstore",
            "org.counterex.registry");

    private static final String PORT = "Listening for transport dt_socket at address: ";

    private final Process process;
    private final CrashLedger ledger;
    private final Thread reader = new Thread(this::read, "reader");
    private final AtomicLong lines = new AtomicLong();
    private volatile int port;

    /**
     * Starts the process.
     *
     * @param folder the folder of the client bundle and of all persistent files
     * @param load as in {@link CrashClient#LOAD}
     * @param debugged whether a debugger can be attached
     */
    CrashVictim(Path folder, String load, boolean debugged, CrashLedger ledger) throws Exception {
        this.ledger = ledger;
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        if (debugged) {
            command.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");
        }
        command.addAll(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // shorter start
                "-Dorg.ops4j.pax.logging.DefaultServiceLog.level=ERROR",
                "-cp",
                place(CrashMain.class)
                        + File.pathSeparator
                        + place(ServiceLoader.load(FrameworkFactory.class)
                                .iterator()
                                .next()
                                .getClass()),
                CrashMain.class.getName(),
                folder.toString(),
                load,
                jars(folder)));
        process = new ProcessBuilder(command)
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("err").toFile()))
                .start();
        reader.setDaemon(true);
        reader.start();
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    private static String jars(Path folder) throws IOException {
        List<Path> packed = Jars.packed();
        Stream<String> bundles = BUNDLES.stream()
                .map(name -> packed.stream()
                        .filter(jar -> jar.getFileName().toString().startsWith(name + "-"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no bundle " + name))
                        .toString());
        return Stream.concat(bundles, Stream.of(folder.resolve("client.jar").toString()))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith(PORT)) {
                    port = Integer.parseInt(line.substring(PORT.length()));
                } else if (line.startsWith(CrashClient.MARK)) {
                    ledger.take(line.substring(CrashClient.MARK.length()));
                    lines.incrementAndGet();
                }
            }
        } catch (IOException e) {
            ledger.take("output ended: " + e);
        }
    }

    /** Returns the port for a debugger. */
    int port() {
        Await.until(() -> port != 0 || !process.isAlive(), () -> "no port");
        return port;
    }

    /** Waits until the process has reported the recovered values and counts. */
    void awaitBegin() {
        Await.until(
                () -> ledger.hasBegun() || !process.isAlive(), () -> "the process did not begin: " + ledger.problems());
        if (!ledger.hasBegun()) {
            throw new AssertionError("the process ended: exit=" + process.exitValue());
        }
    }

    /** Waits until the process has printed a number of further lines. */
    void awaitLines(long more) {
        long enough = lines.get() + more;
        Await.until(() -> lines.get() >= enough || !process.isAlive(), () -> lines + " lines");
    }

    /** Lets the process run for a time. */
    void awaitTime(long ms) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        Await.until(() -> System.nanoTime() - end > 0, () -> "no end");
    }

    /** Requests a move of the namespace, {@code in} or {@code out}. */
    void move(String where) throws IOException {
        process.getOutputStream().write((where + "\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    /** Kills the process and reads the rest of its output. */
    void kill() throws InterruptedException {
        boolean alive = process.isAlive();
        process.toHandle().destroyForcibly(); // Process.destroyForcibly would close the output as well
        process.waitFor();
        reader.join();
        ledger.killed();
        if (!alive) {
            ledger.take("the process ended before it was killed: exit=" + process.exitValue());
        }
    }

    /** Ends the process after a failed test. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
