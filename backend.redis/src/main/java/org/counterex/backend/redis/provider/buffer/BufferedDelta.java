package org.counterex.backend.redis.provider.buffer;

import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.LongCell;

/** Sum of the buffered additions to one counter, with the last known value of the counter on the server. */
final class BufferedDelta {

    final LongCell cell;

    /** The counter's value on the server without the additions in the cell; null if it is not known. */
    private final AtomicLong base;

    private BufferedDelta(String key, AtomicLong base) {
        this.cell = new LongCell(key);
        this.base = base;
    }

    static BufferedDelta withoutBase(String key) {
        return new BufferedDelta(key, null);
    }

    static BufferedDelta withBase(String key, long base) {
        return new BufferedDelta(key, new AtomicLong(base));
    }

    /** Returns whether the value after an addition can be estimated, and the estimate cannot leave the range. */
    boolean hasBase() {
        return base != null && Cell.hasHeadroom(base.get());
    }

    long base() {
        return base.get();
    }

    /** Adds what other runtimes have added on the server. */
    void correct(long difference) {
        base.addAndGet(difference);
    }
}
