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
 * Stands between clients and one server, at a port of its own, and does to their connections what networks do. It passes
 * everything on until it is told otherwise.
 *
 * <p>A fault meets a chunk, which is what one read got: mostly one request or one reply, or a batch of them. After a chunk was not
 * passed on as a whole nothing follows it on that connection; else a reply would be taken for that to another request, which no
 * network does.
 */
final class FaultProxy implements AutoCloseable {

    /** What happens to a chunk. */
    enum Fault {
        /** It comes later. */
        DELAY(true, true),
        /** Its first bytes come, or none at all; then both sides see the end of the connection. */
        TRUNCATE(true, true),
        /** Both sides see the connection reset. */
        RESET(true, true),
        /** The request does not come, and the connection stays open and silent. */
        DROP_REQUEST(true, false),
        /** The request has come, the reply does not, and the connection stays open and silent. */
        DROP_REPLY(false, true);

        private final boolean ofRequests;
        private final boolean ofReplies;

        Fault(boolean ofRequests, boolean ofReplies) {
            this.ofRequests = ofRequests;
            this.ofReplies = ofReplies;
        }
    }

    /** What is done at present; changed as a whole. */
    private record Weather(double probability, List<Fault> faults, boolean silent) {

        static final Weather FAIR = new Weather(0, List.of(), false);
        static final Weather SILENCE = new Weather(0, List.of(), true);
    }

    final int port = Ports.free();

    private final int target;
    private final Random random;
    private final int longestDelayMs;
    private final Map<Fault, AtomicLong> done = new EnumMap<>(Fault.class);
    private final AtomicLong chunks = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Weather weather = Weather.FAIR;

    /** Null while connections are refused. */
    private ServerSocket listener;

    /**
     * @param target the port of the server
     * @param random decides on the faults, and gives each direction of each connection its own random numbers
     */
    FaultProxy(int target, Random random, int longestDelayMs) {
        this.target = target;
        this.random = random;
        this.longestDelayMs = longestDelayMs;
        Stream.of(Fault.values()).forEach(fault -> done.put(fault, new AtomicLong()));
        listen();
    }

    /** Passes everything on; what is silent stays so. */
    synchronized void pass() {
        weather = Weather.FAIR;
        listen();
    }

    /**
     * Lets faults happen.
     *
     * @param probability of one for each chunk
     * @param faults which; all if none is named
     */
    synchronized void disturb(double probability, Fault... faults) {
        weather = new Weather(probability, List.of(faults.length == 0 ? Fault.values() : faults), false);
        listen();
    }

    /** Resets every connection, and refuses new ones, as a host does where no server runs. */
    synchronized void refuse() {
        weather = Weather.FAIR;
        stopListening();
        links.forEach(Link::reset);
    }

    /** Accepts connections and swallows what comes, for good on those that are open meanwhile. */
    synchronized void swallow() {
        weather = Weather.SILENCE;
        listen();
        links.forEach(Link::silence);
    }

    /** How often a fault happened. */
    long times(Fault fault) {
        return done.get(fault).get();
    }

    /** How many connections were accepted. */
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
                + done.entrySet().stream()
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
            // Nobody listens here any more.
        }
    }

    private synchronized void link(ServerSocket from, Socket client) {
        if (listener != from) {
            closeQuietly(client);
            return;
        }
        connections.incrementAndGet();
        Link link = new Link(client, weather.silent);
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
            // It is of no use any more, and that is all that was wanted.
        }
    }

    /** A client, connected with the server. */
    private final class Link {

        private final Socket client;
        private final Socket server = new Socket();
        private volatile boolean silent;

        Link(Socket client, boolean silent) {
            this.client = client;
            this.silent = silent;
        }

        void start(Random ofRequests, Random ofReplies) {
            FaultProxy.start(() -> {
                try {
                    client.setTcpNoDelay(true);
                    if (!silent) {
                        server.setTcpNoDelay(true);
                        server.connect(Ports.address(target));
                        FaultProxy.start(() -> carry(server, client, ofReplies, false));
                    }
                } catch (IOException e) {
                    reset();
                    return;
                }
                carry(client, server, ofRequests, true);
            });
        }

        /** Passes chunks on until an end comes; then the link has come to its end. */
        private void carry(Socket from, Socket to, Random dice, boolean requests) {
            byte[] chunk = new byte[1 << 16];
            try {
                InputStream in = from.getInputStream();
                for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                    if (!silent) {
                        chunks.incrementAndGet();
                        carry(chunk, length, to.getOutputStream(), dice, requests);
                    }
                }
            } catch (IOException e) {
                // Either side has gone, or was sent away.
            } finally {
                close();
            }
        }

        private void carry(byte[] chunk, int length, OutputStream out, Random dice, boolean requests)
                throws IOException {
            Weather now = weather;
            List<Fault> possible = now.faults.stream()
                    .filter(fault -> requests ? fault.ofRequests : fault.ofReplies)
                    .toList();
            if (possible.isEmpty() || dice.nextDouble() >= now.probability) {
                out.write(chunk, 0, length);
                return;
            }
            Fault fault = possible.get(dice.nextInt(possible.size()));
            done.get(fault).incrementAndGet();
            switch (fault) {
                case DELAY -> {
                    waitFor(1 + dice.nextInt(longestDelayMs));
                    // In the meantime all may have become silent.
                    out.write(chunk, 0, silent ? 0 : length);
                }
                case TRUNCATE -> {
                    out.write(chunk, 0, dice.nextInt(length));
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
