package org.counterex.backend.redis.provider;

import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.LongCell;

/** What was counted here on one counter and has not been sent, and what the server had when it was last heard of. */
final class BufferedDelta {

    final LongCell cell;

    /** The server's value as far as it is known; null if it is not. */
    private final AtomicLong base;

    private BufferedDelta(String key, AtomicLong base) {
        this.cell = new LongCell(key);
        this.base = base;
    }

    /** Of a counter of which nothing is known but what is added here. */
    static BufferedDelta unknown(String key) {
        return new BufferedDelta(key, null);
    }

    static BufferedDelta on(String key, long base) {
        return new BufferedDelta(key, new AtomicLong(base));
    }

    /** Whether an addition here tells what the value will be, and the sum cannot leave the range. */
    boolean isKnown() {
        return base != null && Cell.hasHeadroom(base.get());
    }

    long base() {
        return base.get();
    }

    /** The server's value is so much more than was thought. */
    void correct(long difference) {
        base.addAndGet(difference);
    }
}
