package org.counterex.registry.provider.namespace;

import java.util.OptionalLong;
import org.counterex.api.CasResult;
import org.counterex.api.Counter;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.SlotCell;
import org.counterex.api.backend.table.StripedCell;
import org.counterex.api.backend.table.TrackedCell;

/**
 * Handle of one counter. It keeps the cell that it found last and updates it directly; a sealed cell says so in its
 * result, and the handle then looks up the next one by name. Cells are classes of the API, so a handle never refers to
 * a class of a backend. While listeners subscribe to the namespace, it counts by name.
 */
final class CounterHandle implements Counter {

    private final Namespace namespace;
    private final String key;

    private volatile Cell cell;

    /**
     * If the counter has no cell and its backend buffers additions: the last buffer cell. Its content is not the value
     * of the counter.
     */
    private volatile LongCell addition;

    CounterHandle(Namespace namespace, String key) {
        this.namespace = namespace;
        this.key = key;
    }

    @Override
    public String namespace() {
        return namespace.name();
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public long inc() {
        return inc(1, 0);
    }

    @Override
    public long inc(long step) {
        return inc(step, 0);
    }

    @Override
    public long inc(long step, long initial) {
        long raw = Cell.SEALED;
        if (Cell.isSmallStep(step) && initial != Long.MIN_VALUE && !namespace.isObserved()) {
            // A chain of type tests instead of a virtual call: all kinds of cells are in use at once, and each branch
            // is inlined.
            Cell last = cell;
            if (last instanceof LongCell own) {
                raw = own.inc(step);
            } else if (last instanceof SlotCell slot) {
                raw = slot.inc(step);
            } else if (last instanceof StripedCell striped) {
                raw = striped.inc(step);
            } else if (last instanceof TrackedCell tracked) {
                raw = tracked.inc(step);
            }
        }
        return Cell.isFastResult(raw) ? raw : incSlow(step, initial, raw);
    }

    private long incSlow(long step, long initial, long raw) {
        long value = namespace.incSlow(key, step, initial, raw);
        cell = namespace.cell(key);
        return value;
    }

    @Override
    public void add(long step) {
        long raw = Cell.SEALED;
        if (Cell.isSmallStep(step) && !namespace.isObserved()) {
            Cell last = cell;
            if (last instanceof StripedCell striped) {
                raw = striped.add(step);
            } else if (last instanceof LongCell own) {
                raw = own.inc(step);
            } else if (last instanceof SlotCell slot) {
                raw = slot.inc(step);
            } else if (last instanceof TrackedCell tracked) {
                raw = tracked.inc(step);
            } else if (last == null) {
                LongCell buffered = addition;
                if (buffered != null) {
                    raw = buffered.inc(step);
                }
            }
        }
        if (!Cell.isFastResult(raw)) {
            addSlow(step, raw);
        }
    }

    private void addSlow(long step, long raw) {
        addition = null; // also if the call is rejected: a sealed cell is not kept
        if (Cell.isSealed(raw)) {
            namespace.add(key, step);
        } else {
            namespace.incSlow(key, step, 0, raw);
        }
        Cell now = namespace.cell(key);
        cell = now;
        if (now == null) {
            addition = namespace.additionCell(key);
        }
    }

    @Override
    public OptionalLong get() {
        Cell last = cell;
        long value = last == null ? Cell.SEALED : last.get();
        return value == Cell.SEALED ? namespace.get(key) : OptionalLong.of(value);
    }

    @Override
    public long set(long value) {
        return namespace.set(key, value);
    }

    @Override
    public long reset(long initial) {
        return namespace.reset(key, initial);
    }

    @Override
    public void delete() {
        namespace.delete(key);
    }

    @Override
    public CasResult compareAndSwap(long expected, long newValue) {
        return namespace.compareAndSwap(key, expected, newValue);
    }

    @Override
    public String toString() {
        return namespace.name() + "/" + key;
    }
}
