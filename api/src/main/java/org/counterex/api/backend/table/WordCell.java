package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Fast cell whose value is a field. */
abstract sealed class WordCell extends KeyedCell permits LongCell, TrackedCell {

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(WordCell.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long value;

    WordCell(String key) {
        super(key);
    }

    /** Adds a step by one fetch-and-add and returns a raw result. */
    final long addAndGet(long step) {
        return (long) VALUE.getAndAdd(this, step) + step;
    }

    @Override
    public final long get() {
        long raw = value;
        return isSealed(raw) ? SEALED : raw;
    }

    @Override
    long compareAndExchange(long expected, long newValue) {
        if (!hasHeadroom(newValue)) {
            return SEALED;
        }
        // An expected value in the zone of the mark could equal the mark itself.
        long found = isSealed(expected) ? value : (long) VALUE.compareAndExchange(this, expected, newValue);
        return isSealed(found) ? SEALED : found;
    }

    @Override
    public long seal() {
        long last = (long) VALUE.getAndSet(this, SEAL_MARK);
        return isSealed(last) ? SEALED : last;
    }

    @Override
    public final void init(long first) {
        value = first;
    }
}
