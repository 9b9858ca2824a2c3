package org.counterex.api.backend.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A cell for the whole range, by compare-and-set; its mark is the one reserved number. It takes over from a fast cell
 * whose value leaves the ordinary ones, which a counter hardly ever does: counting up a thousand million times a second
 * takes 73 years to get there.
 *
 * <p>{@link #inc} and {@link #add} always answer {@link #SEALED}: its values cannot be told from raw results. The holder of
 * the key lock adds by {@link #compareAndExchange}.
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

    /** A cell with the value 0. */
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
        // The mark is no value that anybody may expect.
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
