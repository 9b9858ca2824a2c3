package org.counterex.bench.stress;

import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.SlotCell;
import org.counterex.api.backend.table.StripedCell;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.api.backend.table.TrackedCell;
import org.counterex.api.backend.table.WideCell;
import org.counterex.backend.ets.provider.BareEts;

/** Cells that hold 5, and operations on them. */
final class Cells {

    /** Result of an operation on a sealed cell, which had no effect. */
    static final long NOT_DONE = -1;

    /** Operations by compare-and-set need a table of any kind. */
    private static final CellTable TABLE = ((TableBackend) BareEts.backend()).create("ns");

    private Cells() {}

    static Cell longCell() {
        return holding5(new LongCell("k"));
    }

    static Cell trackedCell() {
        return holding5(new TrackedCell("k"));
    }

    static Cell slotCell() {
        long[] slots = SlotCell.sealed(1);
        SlotCell.init(slots, 0, 5);
        return new SlotCell(slots, 0, true);
    }

    static Cell wideCell() {
        return holding5(new WideCell("k"));
    }

    static Cell stripedCell() {
        return holding5(new StripedCell("k"));
    }

    private static Cell holding5(KeyedCell cell) {
        cell.init(5);
        return cell;
    }

    /** Adds 1 and returns the new value. */
    static long inc(Cell cell) {
        return resultOrNotDone(
                cell instanceof WideCell ? TABLE.apply("k", cell, new CellUpdate.Add(1, 0)) : cell.inc(1));
    }

    /** Adds 1 and returns whether it was applied. */
    static boolean add(Cell cell) {
        return !Cell.isSealed(cell.add(1));
    }

    /** Replaces 5 by 10 and returns the value afterwards. */
    static long swap(Cell cell) {
        return swap(cell, 10);
    }

    /** Replaces 5 by another number and returns the value afterwards. */
    static long swap(Cell cell, long next) {
        return resultOrNotDone(TABLE.apply("k", cell, new CellUpdate.Swap(5, next)));
    }

    private static long resultOrNotDone(long raw) {
        return Cell.isSealed(raw) ? NOT_DONE : raw;
    }
}
