package org.counterex.backend.redis.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Proxy between clients and one server that injects network faults on demand. Initially it forwards everything.
 *
 * <p>A fault affects a chunk, that is, the bytes of one read: mostly one request or one reply, or several of them.
 * After a chunk was not forwarded as a whole, nothing else is forwarded on that connection: otherwise a reply could be
 * taken for that to another request, which no network causes.
 */
final class FaultProxy implements AutoCloseable {

    /** Fault that affects a chunk. */
    enum Fault {
        /** The chunk is forwarded later. */
        DELAY(true, true),
        /** Only its first bytes are forwarded, or none; then both sides see the end of the connection. */
        TRUNCATE(true, true),
        /** Both sides see the connection reset. */
        RESET(true, true),
        /** The request is not forwarded, and the connection stays open and silent. */
        DROP_REQUEST(true, false),
        /** The request is forwarded, the reply is not, and the connection stays open and silent. */
        DROP_REPLY(false, true);

        private final boolean inRequests;
        private final boolean inReplies;

        Fault(boolean inRequests, boolean inReplies) {
            this.inRequests = inRequests;
            this.inReplies = inReplies;
        }
    }

    /** What is currently done to chunks; replaced as a whole. */
    private record Mode(double probability, List<Fault> faults, boolean silent) {

        static final Mode FORWARD = new Mode(0, List.of(), false);
        static final Mode SILENCE = new Mode(0, List.of(), true);
    }

    final int port = Ports.free();

    private final int target;
    private final Random random;
    private final int maxDelayMs;
    private final Map<Fault, AtomicLong> counts = new EnumMap<>(Fault.class);
    private final AtomicLong chunks = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Mode mode = Mode.FORWARD;

    /** Null while connections are refused. */
    private ServerSocket listener;

    /**
     * @param target the port of the server
     * @param random chooses the faults; each direction of each connection gets a generator of its own from it
     */
    FaultProxy(int target, Random random, int maxDelayMs) {
        this.target = target;
        this.random = random;
        this.maxDelayMs = maxDelayMs;
        Stream.of(Fault.values()).forEach(fault -> counts.put(fault, new AtomicLong()));
        listen();
    }

    /** Forwards everything; connections that are silent remain so. */
    synchronized void forward() {
        mode = Mode.FORWARD;
        listen();
    }

    /**
     * Injects faults.
     *
     * @param probability of a fault for each chunk
     * @param faults to inject; all if none is given
     */
    synchronized void inject(double probability, Fault... faults) {
        mode = new Mode(probability, List.of(faults.length == 0 ? Fault.values() : faults), false);
        listen();
    }

    /** Resets every connection and refuses new ones, like a host without a server. */
    synchronized void refuse() {
        mode = Mode.FORWARD;
        stopListening();
        links.forEach(Link::reset);
    }

    /** Accepts connections and discards what they send, permanently on those that are open meanwhile. */
    synchronized void swallow() {
        mode = Mode.SILENCE;
        listen();
        links.forEach(Link::silence);
    }

    /** Returns how often a fault was injected. */
    long count(Fault fault) {
        return counts.get(fault).get();
    }

    /** Returns how many connections were accepted. */
    long connections() {
        return connections.get();
    }

    @Override
    public synchronized void close() {
        closed.countDown();
        stopListening();
        links.forEach(Link::close);
    }

    @Override
    public String toString() {
        return "connections=" + connections + " chunks=" + chunks + " "
                + counts.entrySet().stream()
                        .map(fault -> fault.getKey() + "=" + fault.getValue())
                        .collect(Collectors.joining(" "));
    }

    private synchronized void listen() {
        if (listener != null) {
            return;
        }
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(Ports.address(port));
            listener = socket;
            start(() -> accept(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stopListening() {
        if (listener != null) {
            closeQuietly(listener);
            listener = null;
        }
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                link(socket, socket.accept());
            }
        } catch (IOException e) {
            // The listener was closed.
        }
    }

    private synchronized void link(ServerSocket from, Socket client) {
        if (listener != from) {
            closeQuietly(client);
            return;
        }
        connections.incrementAndGet();
        Link link = new Link(client, mode.silent);
        links.add(link);
        link.start(new Random(random.nextLong()), new Random(random.nextLong()));
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // It is unusable, as intended.
        }
    }

    /** Connection of one client to the server. */
    private final class Link {

        private final Socket client;
        private final Socket server = new Socket();
        private volatile boolean silent;

        Link(Socket client, boolean silent) {
            this.client = client;
            this.silent = silent;
        }

        void start(Random inRequests, Random inReplies) {
            FaultProxy.start(() -> {
                try {
                    client.setTcpNoDelay(true);
                    if (!silent) {
                        server.setTcpNoDelay(true);
                        server.connect(Ports.address(target));
                        FaultProxy.start(() -> forward(server, client, inReplies, false));
                    }
                } catch (IOException e) {
                    reset();
                    return;
                }
                forward(client, server, inRequests, true);
            });
        }

        /** Forwards chunks until either side ends; then closes the link. */
        private void forward(Socket from, Socket to, Random random, boolean requests) {
            byte[] chunk = new byte[1 << 16];
            try {
                InputStream in = from.getInputStream();
                for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                    if (!silent) {
                        chunks.incrementAndGet();
                        forward(chunk, length, to.getOutputStream(), random, requests);
                    }
                }
            } catch (IOException e) {
                // Either side has closed the connection, or the link was reset.
            } finally {
                close();
            }
        }

        private void forward(byte[] chunk, int length, OutputStream out, Random random, boolean requests)
                throws IOException {
            Mode now = mode;
            List<Fault> possible = now.faults.stream()
                    .filter(fault -> requests ? fault.inRequests : fault.inReplies)
                    .toList();
            if (possible.isEmpty() || random.nextDouble() >= now.probability) {
                out.write(chunk, 0, length);
                return;
            }
            Fault fault = possible.get(random.nextInt(possible.size()));
            counts.get(fault).incrementAndGet();
            switch (fault) {
                case DELAY -> {
                    waitFor(1 + random.nextInt(maxDelayMs));
                    // The link may have become silent in the meantime.
                    out.write(chunk, 0, silent ? 0 : length);
                }
                case TRUNCATE -> {
                    out.write(chunk, 0, random.nextInt(length));
                    close();
                }
                case RESET -> reset();
                case DROP_REQUEST, DROP_REPLY -> silence();
            }
        }

        private void waitFor(long ms) throws IOException {
            try {
                if (closed.await(ms, TimeUnit.MILLISECONDS)) {
                    throw new IOException("closed");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        void silence() {
            silent = true;
        }

        void reset() {
            try {
                client.setSoLinger(true, 0);
                server.setSoLinger(true, 0);
            } catch (IOException e) {
                // It is closed already.
            }
            close();
        }

        void close() {
            links.remove(this);
            closeQuietly(client);
            closeQuietly(server);
        }
    }
}
