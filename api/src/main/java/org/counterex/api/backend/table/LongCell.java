package org.counterex.api.backend.table;

/** Fast cell in a field of its own: an addition is one fetch-and-add. */
public final class LongCell extends WordCell {

    /** Creates a cell with the value 0. */
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
