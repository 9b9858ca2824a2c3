package org.counterex.bench.scale;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongSupplier;

/** Some processors, and what waits for one of them: first come, first served, each to its end. */
final class Machine {

    private record Job(LongSupplier work, Runnable then) {}

    private final Engine engine;
    private final Queue<Job> waiting = new ArrayDeque<>();
    private int free;

    Machine(Engine engine, int cores) {
        this.engine = engine;
        this.free = cores;
    }

    /** As below, with work that is known now. */
    void run(long ns, Runnable then) {
        run(() -> ns, then);
    }

    /**
     * Does some work.
     *
     * @param work asked when a processor begins with it: how many nanoseconds it takes
     * @param then what happens when it is done
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
