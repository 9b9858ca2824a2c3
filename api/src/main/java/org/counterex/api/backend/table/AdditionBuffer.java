package org.counterex.api.backend.table;

import org.counterex.api.backend.CounterBackend;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Open cells in which a {@link WriteBufferingBackend} buffers the additions to one namespace. A caller that finds a cell may add to
 * it without any lock as long as the raw result is {@linkplain Cell#isFastResult fast}. No cell is created here: for a counter without
 * an open cell the backend has to be called. Nothing is read here either, as the content of a cell is not the value of its counter:
 * {@link #inc} and {@link #get} find nothing.
 *
 * <p>An addition whose result is neither fast nor {@linkplain Cell#isSealed sealed} was counted. The caller then calls {@link
 * CounterBackend#get}, which seals the cell, as does every operation that requires what was counted before.
 *
 * <p><b>Invariant.</b> When {@link #close} has returned, every cell that was ever found here is sealed. {@code find} reads the cell
 * first and then checks whether the buffer is closed; {@code close} closes first and then seals. So a cell that was found was in use
 * before the buffer was closed: either {@code close} seals it, or another cell has replaced it, which happens only after it was
 * sealed. Cells created later are used by calls into the backend only and are never found here.
 *
 * <p><b>Threads.</b> Any method may be called from any thread at any time.
 */
@ProviderType
public abstract class AdditionBuffer extends CellLookup {

    private volatile boolean closed;

    /** Returns the cell in use for a counter, sealed or not; null if there is none. */
    protected abstract LongCell cell(String key);

    /**
     * Seals the cells in use. When this returns, the next operation on a counter includes what was in every cell that {@link #cell} had
     * returned for it before. Does not wait for the server.
     */
    protected abstract void seal();

    /** Returns the cell to add to; null if the backend has to be called. It may be kept until a result says that it is sealed. */
    public final LongCell find(String key) {
        LongCell cell = cell(key);
        return closed ? null : cell;
    }

    /** Closes this buffer for good: calls after this include everything that was added before. */
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
