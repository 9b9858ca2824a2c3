package org.counterex.api.backend.table;

import org.counterex.api.backend.CounterBackend;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The open cells in which a {@link WriteBufferingBackend} gathers what is added in one namespace. Who finds one may add to
 * it, without any lock, as often as the raw result is {@link Cell#isFastResult ordinary}. Nothing is made here: a counter
 * without an open cell is one that has to be called for. And nothing is read: what is in a cell is no value, so {@link #inc}
 * and {@link #get} find nothing.
 *
 * <p>A result that is not ordinary and not {@link Cell#isSealed gone} was counted. After it {@link CounterBackend#get} is
 * called, which seals the cell, as every operation does that needs what was counted before.
 *
 * <p><b>Invariant.</b> When {@link #close} has returned, every cell that was ever found here is sealed. {@code find} takes
 * the cell first and looks afterwards whether this is closed; {@code close} closes first and seals afterwards. So a cell
 * that was found was in use before this was closed: either {@code close} meets it, or another one has taken its place, and
 * that is put there only after it was sealed. The cells that come later are for calls alone: nobody finds them here.
 *
 * <p><b>Threads.</b> Any method may be called from any thread at any time.
 */
@ProviderType
public abstract class AdditionBuffer extends CellLookup {

    private volatile boolean closed;

    /** The cell in use for a counter, sealed or not; null if there is none. */
    protected abstract LongCell cell(String key);

    /**
     * Seals the cells in use. When this returns, what was in each that {@link #cell} had returned before is where the next
     * operation on its counter finds it. Does not wait for the place where the values are.
     */
    protected abstract void seal();

    /** The cell to add to; null if it has to be called for. It may be kept, until a result says that it is sealed. */
    public final LongCell find(String key) {
        LongCell cell = cell(key);
        return closed ? null : cell;
    }

    /** Has nobody add here any more, for good: all that was added before is found by the calls that come after this. */
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
