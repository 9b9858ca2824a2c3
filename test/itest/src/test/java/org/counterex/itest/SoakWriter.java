package org.counterex.itest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.counterex.api.Counters;
import org.counterex.api.NoBackendException;

/**
 * Thread of the {@link Soak} that counts in namespaces of its own and in shared ones. It continues with the next
 * service when one has stopped. It makes no calls while another thread holds its {@link #turn}.
 */
final class SoakWriter extends Thread {

    /** The number of writers. */
    static final int THREADS = 3;

    /** The number of counters of the namespace that is too large for some backends; none is ever removed. */
    static final int MANY = 300;

    private static final int BURST = 32;
    private static final int FEW = 16;

    final ReentrantLock turn = new ReentrantLock(true);
    final List<SingleWriter> own = new ArrayList<>();
    final List<SumWorkload> sums = new ArrayList<>();
    final NumberWorkload numbers;

    /** All workloads of this writer. */
    final List<Workload> workloads;

    private final Supplier<Counters> service;
    private final Random random;
    private final SoakRecord record;

    private volatile boolean closed;
    private volatile boolean paused;
    private volatile boolean waiting;
    private Counters opened;
    private Counters refused;
    private Workload open;

    SoakWriter(int number, Supplier<Counters> service, SoakRecord record) {
        super("writer " + number);
        this.service = service;
        this.record = record;
        Map<String, Object> states = record.part("writer " + number);
        random = (Random) states.computeIfAbsent("random", absent -> new Random(record.seed() + number));
        for (String suffix : List.of("a", "b", "c")) {
            String name = "own-" + number + "-" + suffix;
            own.add(new SingleWriter(name, random, state(states, name)));
        }
        sums.add(new SumWorkload("default", FEW, true, random, state(states, "default")));
        sums.add(new SumWorkload("sums", FEW, true, random, state(states, "sums")));
        sums.add(new SumWorkload("big", MANY, false, random, state(states, "big")));
        numbers = new NumberWorkload(random, state(states, "numbers"));
        workloads = Stream.of(own, sums, List.of(numbers, new ReadOnly(random)))
                .<Workload>flatMap(List::stream)
                .toList();
    }

    @SuppressWarnings("unchecked") // only this class writes these entries
    private static Map<String, Object> state(Map<String, Object> states, String name) {
        return (Map<String, Object>) states.computeIfAbsent(name, absent -> new HashMap<>());
    }

    @Override
    public void run() {
        try {
            while (!closed) {
                waiting = paused;
                Counters counters = service.get();
                if (counters == null || waiting) {
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
                } else if (counters == refused) {
                    Await.until(
                            () -> closed || service.get() != refused,
                            () -> "the service rejects calls and has not stopped");
                } else {
                    count(counters);
                }
            }
        } catch (AssertionError e) {
            record.problem(getName() + ": " + e.getMessage());
        } catch (RuntimeException | Error e) {
            record.problem("exception in " + getName() + ": " + e + " at " + Arrays.toString(e.getStackTrace()) + " in "
                    + open.describe(""));
        }
    }

    /** Counts until it is paused or closed, or the service has stopped. */
    private void count(Counters counters) {
        try {
            if (counters != opened) {
                inTurn(() -> workloads.forEach(workload -> {
                    open = workload;
                    workload.open(counters);
                }));
                opened = counters;
                refused = null; // do not prevent its collection
            }
            while (!closed && !paused) {
                inTurn(this::burst);
            }
        } catch (NoBackendException e) {
            // By contract nothing was counted; the comparison verifies it.
            record.count("refusals", 1);
            refused = counters;
            opened = null;
        }
    }

    private void burst() {
        long calls = 0;
        for (int i = 0; i < BURST; i++) {
            open = workloads.get(random.nextInt(workloads.size()));
            open.calls = 1;
            open.next();
            calls += open.calls;
        }
        record.count("calls", calls);
    }

    private void inTurn(Runnable calls) {
        turn.lock();
        try {
            calls.run();
        } finally {
            turn.unlock();
        }
    }

    /**
     * Pauses or resumes the thread; it retains its state. A compiled loop that does not return keeps every class
     * inlined into it reachable, including those of an updated registry. A test of collected class loaders therefore
     * has to pause the loop.
     */
    void pause(boolean pause) {
        paused = pause;
        Await.until(() -> waiting == pause || !isAlive(), () -> this + " did not " + (pause ? "pause" : "resume"));
    }

    void close() {
        closed = true;
    }
}
