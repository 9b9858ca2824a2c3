package org.counterex.bench.scale;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongSupplier;

/** Processors with a common queue of jobs: first come, first served, without preemption. */
final class Machine {

    private record Job(LongSupplier work, Runnable then) {}

    private final Engine engine;
    private final Queue<Job> waiting = new ArrayDeque<>();
    private int free;

    Machine(Engine engine, int cores) {
        this.engine = engine;
        this.free = cores;
    }

    /** Runs a job of known duration. */
    void run(long ns, Runnable then) {
        run(() -> ns, then);
    }

    /**
     * Runs a job.
     *
     * @param work returns the duration in nanoseconds; called when a processor begins with the job
     * @param then run when the job is done
     */
    void run(LongSupplier work, Runnable then) {
        if (free == 0) {
            waiting.add(new Job(work, then));
            return;
        }
        free--;
        begin(work, then);
    }

    private void begin(LongSupplier work, Runnable then) {
        engine.after(work.getAsLong(), () -> {
            Job next = waiting.poll();
            if (next == null) {
                free++;
            } else {
                begin(next.work, next.then);
            }
            then.run();
        });
    }
}
