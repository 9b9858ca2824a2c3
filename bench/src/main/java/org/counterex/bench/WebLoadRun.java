package org.counterex.bench;

import java.io.BufferedReader;
import java.io.IOException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much slower one thread counts while 500 clients read the stream of events and one scrapes every counter each second. The distribution is a
 * process of its own and so, since the machine is the same, its clients cost it processors too: the control is a round beside one
 * busy thread. Rounds without, with and of the control alternate; what is compared is {@code counter:bench}.
 */
public final class WebLoadRun {

    private static final int STREAMS = 500;
    private static final int COUNTERS = 10_000;
    private static final int ROUNDS = 5;

    private final Process process;
    private final BufferedReader out;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicLong scrapes = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    private WebLoadRun(Path program) throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(program.toString());
        builder.environment().put("COUNTEREX_OPTS", "-Xmx512m -Dorg.osgi.service.http.port=" + port);
        process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param args {@code bin/counterex} of a distribution */
    public static void main(String[] args) throws Exception {
        WebLoadRun run = new WebLoadRun(Path.of(args[0]));
        try {
            run.run();
        } finally {
            run.process.getOutputStream().close();
            run.process.waitFor();
        }
    }

    private void run() throws Exception {
        Path file = Files.createTempFile("counters", ".txt");
        try (var lines = Files.newBufferedWriter(file)) {
            for (int i = 0; i < COUNTERS; i++) {
                lines.write("counter-" + i + "\n");
            }
        }
        send("counter:web");
        System.out.println(out.readLine().replaceAll("#.*", ""));
        send("counter:tally many " + file);
        System.out.println(out.readLine());
        Files.delete(file);
        speed();
        List<Long> without = new ArrayList<>();
        List<Long> with = new ArrayList<>();
        List<Long> control = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            without.add(speed());
            Thread busy = thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    received.get();
                }
            });
            control.add(speed());
            busy.interrupt();
            busy.join();
            Thread scraper = thread(this::scrape);
            try (Selector streams = streams()) {
                Thread reader = thread(() -> read(streams));
                with.add(speed());
                reader.interrupt();
                reader.join();
                streams.keys().forEach(key -> close((SocketChannel) key.channel()));
            }
            scraper.interrupt();
            scraper.join();
            System.out.printf(
                    "round %d: without %,d a second, with %.2f of that, beside a busy thread %.2f; resident %s%n",
                    round + 1,
                    without.get(round),
                    (double) with.get(round) / without.get(round),
                    (double) control.get(round) / without.get(round),
                    resident());
        }
        System.out.printf(
                "medians: with %.2f, beside a busy thread %.2f; %,d scrapes, %,d bytes of events%n",
                (double) median(with) / median(without),
                (double) median(control) / median(without),
                scrapes.get(),
                received.get());
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(ROUNDS / 2);
    }

    private void send(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /** Additions a second by handle on {@code ets}, one thread. */
    private long speed() throws IOException {
        send("counter:bench --threads 1; echo over");
        long speed = 0;
        for (String line = out.readLine(); !line.equals("over"); line = out.readLine()) {
            if (line.startsWith("ets/ets")) {
                speed = Long.parseLong(line.trim().split("\\s+")[3].replace(",", ""));
            }
        }
        return speed;
    }

    private String resident() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS"))
                    .findFirst()
                    .orElse("unknown")
                    .replaceAll(".*:\\s*", "");
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    private static Thread thread(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        return thread;
    }

    private void scrape() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        while (!Thread.currentThread().isInterrupted()) {
            int status = client.send(request, BodyHandlers.discarding()).statusCode();
            if (status != 200) {
                throw new IllegalStateException("a scrape ended with status " + status);
            }
            scrapes.incrementAndGet();
            Thread.sleep(1_000);
        }
    }

    private Selector streams() throws IOException {
        Selector selector = Selector.open();
        byte[] request = ("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < STREAMS; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
        return selector;
    }

    private void read(Selector selector) throws IOException {
        ByteBuffer some = ByteBuffer.allocate(1 << 16);
        while (!Thread.currentThread().isInterrupted()) {
            selector.select(key -> {
                try {
                    int length = ((SocketChannel) key.channel()).read(some.clear());
                    if (length < 0) {
                        throw new IllegalStateException("a stream has ended");
                    }
                    received.addAndGet(length);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
