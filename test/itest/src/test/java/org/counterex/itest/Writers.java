package org.counterex.itest;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.counterex.api.Counters;

/** Threads that count in every way there is, until they are closed, and keep a ledger of it. */
final class Writers implements AutoCloseable {

    private static final int THREADS = 2;
    private static final long JOIN_MS = 20_000;

    private final List<Writer> writers;
    private final Ledger ledger;
    private final long seed = System.nanoTime();

    /**
     * Starts the threads.
     *
     * @param service gives the present service, null if there is none
     * @param mayStop whether the service may stop meanwhile; the threads then go on with the next one
     * @param additionsOnly whether they only add, as one may while a backend is away that keeps its values
     * @param ledger what is told, when the threads are closed, of all they have done
     */
    Writers(Supplier<Counters> service, boolean mayStop, boolean additionsOnly, Ledger ledger) {
        this.ledger = ledger;
        writers = IntStream.range(0, THREADS)
                .mapToObj(i -> new Writer(service, mayStop, additionsOnly, new Random(seed + i)))
                .toList();
        writers.forEach(Thread::start);
    }

    /** What the threads' random choices began with, to be shown with every failure. */
    long seed() {
        return seed;
    }

    /** Waits until each thread has counted on for a while. */
    void keepCounting() {
        for (Writer writer : writers) {
            long enough = writer.calls() + 500;
            Await.until(
                    () -> writer.calls() >= enough || !writer.isAlive(),
                    () -> writer + " does not come on, seed " + seed + ", it is at " + List.of(writer.getStackTrace()));
            if (!writer.isAlive()) {
                throw new AssertionError(writer + " has failed, seed " + seed, writer.failure());
            }
        }
    }

    /** Stops the threads and enters in the ledger what they have done. */
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
                ledger.problem(writer + " does not come back from a call");
            } else {
                ledger.add(writer.ledger());
            }
        }
    }
}
