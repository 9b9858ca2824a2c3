package org.counterex.bench;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Position of a thread in a list that it traverses repeatedly, in an order of its own. With the same order, threads
 * would by chance either follow each other closely and contend for every counter, or never, for a whole run.
 */
@State(Scope.Thread)
public class Cursor {

    /** Primes that do not divide the length of any list used here, so that each step visits every element. */
    private static final int[] STEPS = {
        1_000_003, 1_000_033, 1_000_037, 1_000_039, 1_000_081, 1_000_099, 1_000_117, 1_000_121
    };

    private static final AtomicInteger CURSORS = new AtomicInteger();

    private final int prime = STEPS[CURSORS.getAndIncrement() % STEPS.length];
    private int length;
    private int step;
    private int next;

    <T> T next(T[] list) {
        if (list.length != length) {
            length = list.length;
            step = prime % length;
        }
        next += step;
        if (next >= length) {
            next -= length;
        }
        return list[next];
    }
}
