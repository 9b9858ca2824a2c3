package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Cell for the whole range of values, updated by compare-and-set; its seal mark is the one reserved number. It replaces
 * a fast cell whose value leaves the ordinary range, which is rare: 10^9 increments a second would take 73 years.
 *
 * <p>{@link #inc} and {@link #add} always return {@link #SEALED}, because its values cannot be distinguished from raw
 * results. The holder of the key lock adds by {@link #compareAndExchange}.
 */
public final class WideCell extends KeyedCell {

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(WideCell.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long value;

    /** Creates a cell with the value 0. */
    public WideCell(String key) {
        super(key);
    }

    @Override
    public long inc(long step) {
        return SEALED;
    }

    @Override
    public long add(long step) {
        return SEALED;
    }

    @Override
    public long get() {
        return value;
    }

    @Override
    long compareAndExchange(long expected, long newValue) {
        // The mark is not a value and must not match.
        return expected == SEALED ? value : (long) VALUE.compareAndExchange(this, expected, newValue);
    }

    @Override
    public long seal() {
        return (long) VALUE.getAndSet(this, SEALED);
    }

    @Override
    public void init(long first) {
        value = first;
    }
}
