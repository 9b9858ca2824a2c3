package org.counterex.web.provider;

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
import org.counterex.support.log.ServiceLog;

/**
 * Looks at everything once a second for everybody who looks, and tells the event streams. Nobody looking, it does nothing.
 *
 * <p><b>Threads.</b> One of its own does all the work, so that a thousand who look cost little more than one. Any may ask and open streams.
 */
final class Sampler {

    /** Namespaces in a sample: what goes to every client every second has a bound. */
    static final int MOST_NAMESPACES = 1_000;

    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long INTEREST_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long STUCK_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long SILENT_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long WAIT_MS = 1_000;
    private static final byte[] COMMENT = ascii(":\n\n");
    private static final byte[] BACKENDS = ascii("event: backends\ndata: {}\n\n");

    private final RegistryServices registry;
    private final NamespaceTotals totals;
    private final int maxStreams;
    private final ServiceLog log;
    private final Set<SseConnection> streams = ConcurrentHashMap.newKeySet();
    private final Semaphore places;
    private final Phaser ticks = new Phaser(1);
    private final Thread thread;

    private volatile long asked = System.nanoTime() - INTEREST_NS;
    private volatile boolean stopped;
    /** Rounds in which the backends may still be changing. */
    private volatile int backendsChanging;

    private long lastMove = -1;

    Sampler(RegistryServices registry, int maxStreams, ServiceLog log) {
        this.registry = registry;
        this.maxStreams = maxStreams;
        this.log = log;
        places = new Semaphore(maxStreams);
        totals = new NamespaceTotals(registry);
        thread = new Thread(this::run, "org.counterex.web sampler");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends all streams. */
    void stop() {
        stopped = true;
        thread.interrupt();
        ticks.forceTermination();
        streams.forEach(SseConnection::close);
    }

    /** The sums of namespaces: as of the last second, or, if nobody has looked for a while, once they are there, which takes a moment at most. */
    NamespaceTotals totals() {
        boolean idle = isIdle(System.nanoTime());
        int phase = ticks.getPhase();
        asked = System.nanoTime();
        if (idle) {
            LockSupport.unpark(thread);
            try {
                ticks.awaitAdvanceInterruptibly(phase, WAIT_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // without the newest, then
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return totals;
    }

    /**
     * Takes the place of a stream.
     *
     * @throws HttpError there are too many
     */
    void admit() {
        if (!places.tryAcquire()) {
            throw HttpError.busy("too many event streams, try again later: maxStreams=" + maxStreams);
        }
    }

    /** Gives a place back that no stream came to. */
    void dismiss() {
        places.release();
    }

    /** A stream that has its place. */
    void add(SseConnection stream) {
        streams.add(stream);
        if (stopped) {
            stream.close();
        }
        LockSupport.unpark(thread);
    }

    /** A stream is over; its place is free. */
    void remove(SseConnection stream) {
        if (streams.remove(stream)) {
            places.release();
        }
    }

    /** A backend has come, gone or changed; the registry knows soon. */
    void backendsChange() {
        backendsChanging = 2;
    }

    private boolean isIdle(long now) {
        return streams.isEmpty() && now - asked > INTEREST_NS;
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
                    // the registry is away; those who look are told so by what is missing
                } catch (RuntimeException e) {
                    log.error("what is counted could not be looked at", e);
                }
                care();
                ticks.arrive();
            }
        }
    }

    private void tick(long now) {
        BackendRegistry administration = registry.administration();
        List<NamespaceDTO> namespaces = administration.namespaces();
        totals.update(namespaces.stream().map(n -> n.namespace).toList(), now);
        if (streams.isEmpty()) {
            return;
        }
        List<byte[]> events = events(administration);
        // What is the same for all is made once; the charts follow.
        byte[] head = bytes(
                "event: sample\ndata: {\"time\":" + System.currentTimeMillis() + ",\"namespaces\":",
                json -> json.array(a -> namespaces.stream()
                        .limit(MOST_NAMESPACES)
                        .forEach(n ->
                                JsonMapper.namespace(n, totals.of(n.namespace)).writeTo(a))),
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

    /** A namespace whose backend does not answer is not asked again in the same round: each may take seconds. */
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

    private List<byte[]> events(BackendRegistry administration) {
        List<byte[]> events = new ArrayList<>();
        List<MoveDTO> last = administration.moves(0, 1);
        long newest = last.isEmpty() ? 0 : last.get(0).id;
        if (lastMove >= 0 && newest > lastMove) {
            for (MoveDTO move : administration.moves(lastMove, Integer.MAX_VALUE)) {
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

    /** Ends what is stuck, and says something where there was nothing to say for long. */
    private void care() {
        long now = System.nanoTime();
        for (SseConnection stream : streams) {
            if (stream.stuckFor(now) > STUCK_NS) {
                stream.close();
            } else if (stream.silentFor(now) > SILENT_NS) {
                stream.event(COMMENT);
            }
        }
    }

    private static byte[] bytes(String before, Json.Part part, String after) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Writer out = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
            out.write(before);
            part.writeTo(new Json(out));
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
