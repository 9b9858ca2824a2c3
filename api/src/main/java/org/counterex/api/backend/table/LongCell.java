package org.counterex.api.backend.table;

/** A fast cell that is a long of its own: one fetch-and-add for an addition. */
public final class LongCell extends WordCell {

    /** A cell with the value 0. */
    public LongCell(String key) {
        super(key);
    }

    @Override
    public long inc(long step) {
        return addAndGet(step);
    }

    @Override
    public long add(long step) {
        return addAndGet(step);
    }
}
