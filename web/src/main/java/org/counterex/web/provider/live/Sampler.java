package org.counterex.web.provider.live;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.counterex.api.CounterException;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;
import org.counterex.support.json.JsonWriter;
import org.counterex.support.log.ServiceLog;
import org.counterex.web.provider.http.HttpError;
import org.counterex.web.provider.json.JsonMapper;

/**
 * Sampler of namespaces, moves and backends: samples once a second while at least one client is subscribed, and sends
 * the sample to all event streams. Idle otherwise.
 *
 * <p><b>Threads.</b> One thread samples for all clients, so that a thousand clients cost little more than one. Any
 * thread may read totals and add streams.
 */
public final class Sampler {

    /** Maximum number of namespaces in a sample, which bounds the data sent to every client every second. */
    static final int MAX_NAMESPACES = 1_000;

    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long INTEREST_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long STALLED_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long KEEP_ALIVE_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long WAIT_MS = 1_000;
    private static final byte[] COMMENT = ascii(":\n\n");
    private static final byte[] BACKENDS = ascii("event: backends\ndata: {}\n\n");

    private final RegistryServices registry;
    private final NamespaceTotals totals;
    private final int maxStreams;
    private final ServiceLog log;
    private final Set<SseConnection> streams = ConcurrentHashMap.newKeySet();
    private final Semaphore permits;
    private final Phaser ticks = new Phaser(1);
    private final Thread thread;

    private volatile long lastRequest = System.nanoTime() - INTEREST_NS;
    private volatile boolean stopped;
    /** Remaining samples that announce a change of backends. */
    private volatile int backendsChanging;

    private long lastMove = -1;

    public Sampler(RegistryServices registry, int maxStreams, ServiceLog log) {
        this.registry = registry;
        this.maxStreams = maxStreams;
        this.log = log;
        permits = new Semaphore(maxStreams);
        totals = new NamespaceTotals(registry);
        thread = new Thread(this::run, "org.counterex.web sampler");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Stops sampling and closes all streams. */
    public void stop() {
        stopped = true;
        thread.interrupt();
        ticks.forceTermination();
        streams.forEach(SseConnection::close);
    }

    /**
     * Returns the totals of namespaces, at most a second old. If the sampler was idle, waits a limited time for a new
     * sample; the totals may be older if that time is not enough.
     */
    public NamespaceTotals totals() {
        boolean idle = isIdle(System.nanoTime());
        int phase = ticks.getPhase();
        lastRequest = System.nanoTime();
        if (idle) {
            LockSupport.unpark(thread);
            try {
                ticks.awaitAdvanceInterruptibly(phase, WAIT_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // return the totals without the new sample
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return totals;
    }

    /**
     * Reserves one of the allowed streams.
     *
     * @throws HttpError there are too many streams
     */
    public void reserve() {
        if (!permits.tryAcquire()) {
            throw HttpError.unavailable("too many event streams, try again later: maxStreams=" + maxStreams);
        }
    }

    /** Cancels a reservation that no stream uses. */
    public void cancelReservation() {
        permits.release();
    }

    /** Adds a stream for which a reservation was made. */
    public void add(SseConnection stream) {
        streams.add(stream);
        if (stopped) {
            stream.close();
        }
        LockSupport.unpark(thread);
    }

    /** Removes a stream that has ended and releases its reservation. */
    public void remove(SseConnection stream) {
        if (streams.remove(stream)) {
            permits.release();
        }
    }

    /** Announces a change of backends in the next samples; the registry may take note of it only after this call. */
    public void backendsChanged() {
        backendsChanging = 2;
    }

    private boolean isIdle(long now) {
        return streams.isEmpty() && now - lastRequest > INTEREST_NS;
    }

    private void run() {
        long next = System.nanoTime();
        while (!stopped) {
            long now = System.nanoTime();
            if (isIdle(now)) {
                lastMove = -1;
                LockSupport.park(this);
                next = System.nanoTime();
            } else if (now - next < 0) {
                LockSupport.parkNanos(this, next - now);
            } else {
                next = Math.max(next + INTERVAL_NS, now + INTERVAL_NS / 2);
                try {
                    tick(now);
                } catch (HttpError | CounterException e) {
                    // the registry is absent; clients notice that no sample arrives
                } catch (RuntimeException e) {
                    log.error("sampling failed", e);
                }
                maintainStreams();
                ticks.arrive();
            }
        }
    }

    private void tick(long now) {
        BackendRegistry admin = registry.admin();
        List<NamespaceDTO> namespaces = admin.namespaces();
        totals.update(namespaces.stream().map(n -> n.namespace).toList(), now);
        if (streams.isEmpty()) {
            return;
        }
        List<byte[]> events = events(admin);
        // The part common to all clients is generated once; the charts of each client follow.
        byte[] head = bytes(
                "event: sample\ndata: {\"time\":" + System.currentTimeMillis() + ",\"namespaces\":",
                json -> json.array(a -> namespaces.stream()
                        .limit(MAX_NAMESPACES)
                        .forEach(n -> totals.describe(n).writeTo(a))),
                ",\"charts\":");
        Map<Chart, OptionalLong> values = new HashMap<>();
        Set<String> failed = new HashSet<>();
        for (SseConnection stream : streams) {
            events.forEach(stream::event);
            stream.sample(
                    head,
                    bytes(
                            "",
                            json -> json.array(a -> {
                                for (Chart chart : stream.charts()) {
                                    OptionalLong value = values.computeIfAbsent(chart, c -> value(c, failed));
                                    a.object(o -> o.name("namespace")
                                            .value(chart.namespace())
                                            .name("key")
                                            .value(chart.key())
                                            .name("value")
                                            .value(value.isPresent() ? Long.toString(value.getAsLong()) : null));
                                }
                            }),
                            "}\n\n"));
        }
    }

    /**
     * Returns empty without a call if the namespace has failed in this sample already: every failing call may take
     * seconds.
     */
    private OptionalLong value(Chart chart, Set<String> failed) {
        if (failed.contains(chart.namespace())) {
            return OptionalLong.empty();
        }
        try {
            return registry.namespace(chart.namespace()).get(chart.key());
        } catch (CounterException | HttpError e) {
            failed.add(chart.namespace());
            return OptionalLong.empty();
        }
    }

    private List<byte[]> events(BackendRegistry admin) {
        List<byte[]> events = new ArrayList<>();
        List<MoveDTO> last = admin.moves(0, 1);
        long newest = last.isEmpty() ? 0 : last.get(0).id;
        if (lastMove >= 0 && newest > lastMove) {
            for (MoveDTO move : admin.moves(lastMove, Integer.MAX_VALUE)) {
                events.add(bytes("event: move\ndata: ", JsonMapper.move(move), "\n\n"));
                newest = move.id;
            }
        }
        lastMove = newest;
        if (backendsChanging > 0) {
            backendsChanging--;
            events.add(BACKENDS);
        }
        return events;
    }

    /**
     * Closes stalled streams, and sends a comment to streams without events so that proxies and clients keep them open.
     */
    private void maintainStreams() {
        long now = System.nanoTime();
        for (SseConnection stream : streams) {
            if (stream.stalledFor(now) > STALLED_NS) {
                stream.close();
            } else if (stream.idleFor(now) > KEEP_ALIVE_NS) {
                stream.event(COMMENT);
            }
        }
    }

    private static byte[] bytes(String before, JsonWriter.Part part, String after) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Writer out = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
            out.write(before);
            part.writeTo(new JsonWriter(out));
            out.write(after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
