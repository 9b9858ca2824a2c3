package org.counterex.itest;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.counterex.api.Counters;

/** Threads that use all counting operations until they are closed, and record them in a ledger. */
final class Writers implements AutoCloseable {

    private static final int THREADS = 2;
    private static final long JOIN_MS = 20_000;

    private final List<Writer> writers;
    private final Ledger ledger;
    private final long seed = System.nanoTime();

    /**
     * Starts the threads.
     *
     * @param service supplies the current service, or null
     * @param mayStop whether the service may stop; the threads then continue with the next one
     * @param additionsOnly whether the threads only add, which succeeds while a retaining backend is detached
     * @param ledger receives the records of all threads when they are closed
     */
    Writers(Supplier<Counters> service, boolean mayStop, boolean additionsOnly, Ledger ledger) {
        this.ledger = ledger;
        writers = IntStream.range(0, THREADS)
                .mapToObj(i -> new Writer(service, mayStop, additionsOnly, new Random(seed + i)))
                .toList();
        writers.forEach(Thread::start);
    }

    /** Returns the seed of the random choices, for failure messages. */
    long seed() {
        return seed;
    }

    /** Waits until each thread has made a number of further calls. */
    void keepCounting() {
        for (Writer writer : writers) {
            long enough = writer.calls() + 500;
            Await.until(
                    () -> writer.calls() >= enough || !writer.isAlive(),
                    () -> writer + " makes no progress: seed=" + seed + " stack=" + List.of(writer.getStackTrace()));
            if (!writer.isAlive()) {
                throw new AssertionError(writer + " failed: seed=" + seed, writer.failure());
            }
        }
    }

    /** Stops the threads and adds their records to the ledger. */
    @Override
    public void close() {
        writers.forEach(Writer::close);
        for (Writer writer : writers) {
            try {
                writer.join(JOIN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (writer.isAlive()) {
                ledger.problem(writer + " did not return from a call");
            } else {
                ledger.add(writer.ledger());
            }
        }
    }
}
