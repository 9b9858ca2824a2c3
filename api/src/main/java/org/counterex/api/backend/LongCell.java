package org.counterex.api.backend;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A fast cell that is a long of its own: one fetch-and-add for an addition. */
public final class LongCell extends KeyedCell {

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(LongCell.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long value;

    /** A cell with the value 0. */
    public LongCell(String key) {
        super(key);
    }

    @Override
    public long inc(long step) {
        return (long) VALUE.getAndAdd(this, step) + step;
    }

    @Override
    public long add(long step) {
        return (long) VALUE.getAndAdd(this, step) + step;
    }

    @Override
    public long get() {
        long raw = value;
        return isGone(raw) ? GONE : raw;
    }

    @Override
    long compareAndExchange(long expected, long newValue) {
        if (!isComfortable(newValue)) {
            return GONE;
        }
        // An expectation in the zone of the mark would match the mark itself.
        long met = isGone(expected) ? value : (long) VALUE.compareAndExchange(this, expected, newValue);
        return isGone(met) ? GONE : met;
    }

    @Override
    public long seal() {
        long last = (long) VALUE.getAndSet(this, MARK);
        return isGone(last) ? GONE : last;
    }

    @Override
    public void init(long first) {
        value = first;
    }
}
