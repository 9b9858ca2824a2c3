package org.counterex.tck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that start together. The failure of one fails the race and ends it for the others; a thread that does not end
 * within a minute fails it too, with its stack.
 */
final class Race {

    /** Body of one thread. */
    interface Racer {
        void run(Race race, int number) throws Exception;
    }

    /** Body of one repetition. */
    interface Lap {
        void run(int lap) throws Exception;
    }

    private static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** The number of threads of a race; more than processors, so that threads are preempted at any point. */
    static final int RACERS = 4;

    private static final int LAPS_TOGETHER = 50;

    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final int racers;
    private final AtomicInteger arrivals = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private Race(int racers) {
        this.racers = racers;
    }

    /** Runs {@link #RACERS} threads to their end. */
    static void run(Racer racer) throws InterruptedException {
        run(RACERS, racer);
    }

    /** Runs threads to their end. */
    static void run(int racers, Racer racer) throws InterruptedException {
        Race race = new Race(racers);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < racers; i++) {
            int number = i;
            Thread thread = new Thread(() -> race.take(racer, number), "racer-" + number);
            thread.setDaemon(true); // a hanging thread must not keep the virtual machine running
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        race.await(threads);
    }

    /**
     * Spins until every thread of the race has called this once more.
     *
     * @throws LostException another thread has failed
     */
    void together() {
        int arrived = arrivals.incrementAndGet();
        int due = (arrived + racers - 1) / racers * racers;
        while (arrivals.get() < due && !isLost()) {
            Thread.yield();
        }
        if (isLost()) {
            throw new LostException();
        }
    }

    /**
     * Repeats a body, equally often in every thread. Every few laps all threads start together again, so that none
     * finishes before another begins, even on few processors.
     */
    void laps(int times, Lap body) throws Exception {
        for (int lap = 0; lap < times; lap++) {
            if (lap % LAPS_TOGETHER == 0) {
                together();
            }
            body.run(lap);
        }
    }

    /** Returns whether a thread has failed; for loops that wait for its effect. */
    boolean isLost() {
        return !failures.isEmpty();
    }

    private void take(Racer racer, int number) {
        try {
            together();
            racer.run(this, number);
        } catch (LostException e) {
            // the failure that ended the race is reported
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private void await(List<Thread> threads) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        for (Thread thread : threads) {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
            if (thread.isAlive()) {
                failures.add(new AssertionError(
                        thread.getName() + " does not end: stack=" + Arrays.toString(thread.getStackTrace())));
            }
        }
        if (isLost()) {
            Throwable first = failures.remove();
            AssertionError lost = new AssertionError("a thread failed: " + first, first);
            failures.forEach(lost::addSuppressed);
            throw lost;
        }
    }
}
