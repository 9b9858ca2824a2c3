package org.counterex.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * Measures how much slower one thread counts while 500 clients read the stream of events and one scrapes every counter
 * each second, and whether memory stays flat. The distribution is a process of its own; a bundle in it counts ({@link
 * CountingActivator}). The clients take processor time of the same machine, so the control is a round with one busy
 * thread. Rounds without clients, with the busy thread, and with clients alternate; each begins with a warm-up.
 */
public final class WebLoadRun {

    private static final int STREAMS = 500;
    private static final int COUNTERS = 10_000;
    private static final int ROUNDS = 5;
    private static final int WARM_UP_SECONDS = 5;
    private static final int SECONDS = 15;
    private static final int CHECKS = 6;
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(60);

    private final Path jar;
    private final Process process;
    private final int port;
    private final BlockingQueue<Long> speeds = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicLong scrapes = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    private WebLoadRun(Path distribution) throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        jar = distribution.resolve("load/counting.jar");
        ProcessBuilder builder =
                new ProcessBuilder(distribution.resolve("bin/counterex").toString());
        builder.environment().put("COUNTEREX_OPTS", "-Xmx512m -Dorg.osgi.service.http.port=" + port);
        process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** @param args the directory of a distribution */
    public static void main(String[] args) throws Exception {
        WebLoadRun run = new WebLoadRun(Path.of(args[0]));
        try {
            run.run();
        } finally {
            Files.deleteIfExists(run.jar);
            run.process.getOutputStream().close();
            run.process.waitFor();
        }
    }

    private void run() throws Exception {
        Task.start(this::readLines).setName("lines");
        send("counter:web");
        System.out.println(lines.take().replaceAll("#.*", ""));
        Path names = Files.createTempFile("counters", ".txt");
        try (var writer = Files.newBufferedWriter(names)) {
            for (int i = 0; i < COUNTERS; i++) {
                writer.write("counter-" + i + "\n");
            }
        }
        send("counter:tally many " + names);
        System.out.println(lines.take());
        Files.delete(names);
        writeBundle();
        List<Long> without = new ArrayList<>();
        List<Long> with = new ArrayList<>();
        List<Long> control = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            without.add(speed("without clients"));
            Thread busy = Task.start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    received.get();
                }
            });
            control.add(speed("with a busy thread"));
            busy.interrupt();
            busy.join();
            try (Clients clients = new Clients()) {
                with.add(speed("with clients"));
                clients.assertAllFlow();
            }
        }
        System.out.printf(
                "medians: with clients %.2f, with a busy thread %.2f; %,d scrapes, %,d bytes of events%n",
                (double) median(with) / median(without),
                (double) median(control) / median(without),
                scrapes.get(),
                received.get());
        try (Clients clients = new Clients()) {
            for (int check = 1; check <= CHECKS; check++) {
                Thread.sleep(CHECK_INTERVAL.toMillis());
                System.out.printf("after %d min: live %s, resident %s%n", check, live(), resident());
            }
            clients.assertAllFlow();
        }
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private void send(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    private void readLines() throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(CountingActivator.LINE_PREFIX)) {
                speeds.add(Long.valueOf(line.substring(CountingActivator.LINE_PREFIX.length())));
            } else {
                lines.add(line);
            }
        }
    }

    /** Writes the counting bundle into the folder that the distribution loads bundles from. */
    private void writeBundle() throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", "org.counterex.bench.counting");
        attributes.putValue("Bundle-Activator", CountingActivator.class.getName());
        attributes.putValue("Import-Package", "org.counterex.api,org.osgi.framework,org.osgi.util.tracker");
        String name = CountingActivator.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream in = CountingActivator.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new ZipEntry(name));
            in.transferTo(out);
        }
    }

    /** Returns additions per second by handle: the median of some seconds after a warm-up. */
    private long speed(String what) throws Exception {
        speeds.clear();
        for (int second = 0; second < WARM_UP_SECONDS; second++) {
            speeds.take();
        }
        Duration server = processors(process.toHandle());
        Duration clients = processors(ProcessHandle.current());
        List<Long> measured = new ArrayList<>();
        while (measured.size() < SECONDS) {
            measured.add(speeds.take());
        }
        System.out.printf(
                "%-22s %,12d per second (%,d to %,d); processors: server %.2f, clients %.2f%n",
                what,
                median(measured),
                measured.stream().min(Long::compare).orElseThrow(),
                measured.stream().max(Long::compare).orElseThrow(),
                processors(process.toHandle()).minus(server).toMillis() / 1e3 / SECONDS,
                processors(ProcessHandle.current()).minus(clients).toMillis() / 1e3 / SECONDS);
        return median(measured);
    }

    /** Returns the processor time so far. */
    private static Duration processors(ProcessHandle of) {
        return of.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Returns the size of the live heap after a full collection. */
    private String live() throws IOException {
        Process histogram = new ProcessBuilder("jcmd", Long.toString(process.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader reader = histogram.inputReader()) {
            String total = reader.lines().reduce("", (first, second) -> second);
            long bytes = Long.parseLong(total.trim().split("\\s+")[2]);
            return String.format("%,d kB", bytes / 1024);
        }
    }

    private String resident() throws IOException {
        try (var status = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return status.filter(line -> line.startsWith("VmRSS"))
                    .findFirst()
                    .orElse("unknown")
                    .replaceAll(".*:\\s*", "");
        }
    }

    private interface Task {

        void run() throws Exception;

        static Thread start(Task task) {
            Thread thread = new Thread(() -> {
                try {
                    task.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
            return thread;
        }
    }

    /** The clients: streams and scraper. */
    private final class Clients implements AutoCloseable {

        private final Selector selector = Selector.open();
        private final List<AtomicLong> lengths = new ArrayList<>();
        private final Thread reader;
        private final Thread scraper;

        Clients() throws IOException {
            byte[] request = ("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < STREAMS; i++) {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
                channel.write(ByteBuffer.wrap(request));
                channel.configureBlocking(false);
                AtomicLong length = new AtomicLong();
                lengths.add(length);
                channel.register(selector, SelectionKey.OP_READ, length);
            }
            reader = Task.start(this::read);
            scraper = Task.start(WebLoadRun.this::scrape);
        }

        private void read() throws IOException {
            ByteBuffer some = ByteBuffer.allocate(1 << 16);
            while (!Thread.currentThread().isInterrupted()) {
                selector.select(key -> read(key, some.clear()));
            }
        }

        private void read(SelectionKey key, ByteBuffer some) {
            try {
                int length = ((SocketChannel) key.channel()).read(some);
                if (length < 0) {
                    throw new IllegalStateException("stream ended: port=" + port);
                }
                ((AtomicLong) key.attachment()).addAndGet(length);
                received.addAndGet(length);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Checks that each stream has received at least half as much as the one that has received the most. */
        void assertAllFlow() {
            long most = lengths.stream().mapToLong(AtomicLong::get).max().orElseThrow();
            long least = lengths.stream().mapToLong(AtomicLong::get).min().orElseThrow();
            if (least < most / 2 || least == 0) {
                throw new IllegalStateException("stream fell behind: least=" + least + " most=" + most);
            }
        }

        @Override
        public void close() throws Exception {
            reader.interrupt();
            reader.join();
            scraper.interrupt();
            scraper.join();
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        }
    }

    private void scrape() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        while (!Thread.currentThread().isInterrupted()) {
            int status = client.send(request, BodyHandlers.discarding()).statusCode();
            if (status != 200) {
                throw new IllegalStateException("scrape failed: status=" + status);
            }
            scrapes.incrementAndGet();
            Thread.sleep(1_000);
        }
    }
}
