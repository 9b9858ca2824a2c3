package org.counterex.api.backend.table;

import org.counterex.api.backend.CounterBackend;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Open cells in which a {@link WriteBufferingBackend} buffers the additions of one namespace.
 *
 * <p>A caller that finds a cell may add to it, without any lock, for as long as the raw result is {@linkplain
 * Cell#isFastResult ordinary}. A look-up creates no cell: additions to a counter without an open cell go through a call
 * of the backend. A cell holds buffered additions and not the value of the counter, so {@link #inc} and {@link #get}
 * find nothing.
 *
 * <p>An addition whose raw result is neither ordinary nor {@linkplain Cell#isSealed sealed} was counted. The caller
 * then calls {@link CounterBackend#get}, which seals the cell, as does every operation that depends on the buffered
 * additions.
 *
 * <p><b>Invariant.</b> When {@link #close} has returned, every cell that {@link #find} has ever returned is sealed.
 * {@code find} reads the cell first and then checks that this buffer is not closed; {@code close} closes first and then
 * seals. So a returned cell was in use before this buffer was closed: either {@code close} seals it, or it was
 * replaced, which happens only after it was sealed. Cells that are created later serve calls of the backend only;
 * {@code find} does not return them.
 *
 * <p><b>Threads.</b> Any method may be called from any thread at any time.
 */
@ProviderType
public abstract class AdditionBuffer extends CellLookup {

    private volatile boolean closed;

    /** Returns the cell in use for a counter, which may be sealed; null if there is none. */
    protected abstract @Nullable LongCell cell(String key);

    /**
     * Seals the cells in use. When this returns, the content of each cell that {@link #cell} returned before precedes
     * the next operation on its counter. Does not wait for the storage.
     */
    protected abstract void seal();

    /**
     * Returns the cell to add to; null if the backend has to be called. The caller may keep the cell until a result is
     * sealed.
     */
    public final @Nullable LongCell find(String key) {
        LongCell cell = cell(key);
        return closed ? null : cell;
    }

    /**
     * Ends additions through this buffer permanently; calls of the backend after this one see everything that was
     * added.
     */
    public final void close() {
        closed = true;
        seal();
    }

    @Override
    public final long add(String key, long step) {
        LongCell cell = find(key);
        return cell == null ? Cell.SEALED : cell.add(step);
    }

    @Override
    public final long inc(String key, long step) {
        return Cell.SEALED;
    }

    @Override
    public final long get(String key) {
        return Cell.SEALED;
    }
}
