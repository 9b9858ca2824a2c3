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
 * One of the threads that count in the {@link Soak}, in namespaces of its own and in some that all share. When the service has
 * stopped it takes the next one. Whoever holds its {@link #turn} keeps it from calling.
 */
final class SoakWriter extends Thread {

    /** How many of them there are. */
    static final int THREADS = 3;

    /** The counters of the namespace that is too large for some backends; none of them ever goes. */
    static final int MANY = 300;

    private static final int BURST = 32;
    private static final int FEW = 16;

    final ReentrantLock turn = new ReentrantLock(true);
    final List<SingleWriter> own = new ArrayList<>();
    final List<SumWorkload> sums = new ArrayList<>();
    final NumberWorkload numbers;

    /** All of them. */
    final List<Workload> books;

    private final Supplier<Counters> service;
    private final Random random;
    private final SoakRecord record;

    private volatile boolean closed;
    private volatile boolean paused;
    private volatile boolean waits;
    private Counters opened;
    private Counters refused;
    private Workload open;

    SoakWriter(int number, Supplier<Counters> service, SoakRecord record) {
        super("writer " + number);
        this.service = service;
        this.record = record;
        Map<String, Object> pages = record.part("writer " + number);
        random = (Random) pages.computeIfAbsent("random", absent -> new Random(record.seed() + number));
        for (String suffix : List.of("a", "b", "c")) {
            String name = "own-" + number + "-" + suffix;
            own.add(new SingleWriter(name, random, page(pages, name)));
        }
        sums.add(new SumWorkload("default", FEW, true, random, page(pages, "default")));
        sums.add(new SumWorkload("sums", FEW, true, random, page(pages, "sums")));
        sums.add(new SumWorkload("big", MANY, false, random, page(pages, "big")));
        numbers = new NumberWorkload(random, page(pages, "numbers"));
        books = Stream.of(own, sums, List.of(numbers, new ReadOnly(random)))
                .<Workload>flatMap(List::stream)
                .toList();
    }

    @SuppressWarnings("unchecked") // nothing else is entered there
    private static Map<String, Object> page(Map<String, Object> pages, String name) {
        return (Map<String, Object>) pages.computeIfAbsent(name, absent -> new HashMap<>());
    }

    @Override
    public void run() {
        try {
            while (!closed) {
                waits = paused;
                Counters counters = service.get();
                if (counters == null || waits) {
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
                } else if (counters == refused) {
                    Await.until(() -> closed || service.get() != refused, () -> "it refuses, and has not stopped");
                } else {
                    count(counters);
                }
            }
        } catch (AssertionError e) {
            record.problem("wrong in " + getName() + ": " + e.getMessage());
        } catch (RuntimeException | Error e) {
            record.problem("exception in " + getName() + ": " + e + " at " + Arrays.toString(e.getStackTrace()) + " in "
                    + open.last(""));
        }
    }

    /** Counts until it is paused or closed, or the service has stopped. */
    private void count(Counters counters) {
        try {
            if (counters != opened) {
                inTurn(() -> books.forEach(book -> {
                    open = book;
                    book.open(counters);
                }));
                opened = counters;
                refused = null; // or it would be kept from being collected
            }
            while (!closed && !paused) {
                inTurn(this::burst);
            }
        } catch (NoBackendException e) {
            // Nothing was counted, says the exception; what it says is found true or false.
            record.count("refusals", 1);
            refused = counters;
            opened = null;
        }
    }

    private void burst() {
        long calls = 0;
        for (int i = 0; i < BURST; i++) {
            open = books.get(random.nextInt(books.size()));
            open.more = 1;
            open.next();
            calls += open.more;
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
     * Has it wait, with all that it keeps, or go on. Compiled code that does not end keeps every class that was inlined into
     * it, also those of a registry that has long been updated: where collected classes are looked for, it has to be left.
     */
    void pause(boolean pause) {
        paused = pause;
        Await.until(() -> waits == pause || !isAlive(), () -> this + " does not " + (pause ? "wait" : "go on"));
    }

    void close() {
        closed = true;
    }
}
