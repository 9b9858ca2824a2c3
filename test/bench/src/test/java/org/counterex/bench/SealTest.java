package org.counterex.bench;

import static org.junit.Assert.assertThrows;

import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.SlotCell;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.api.backend.table.TrackedCell;
import org.counterex.api.backend.table.WideCell;
import org.counterex.backend.ets.provider.BareEts;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.junit.Test;

/**
 * The basic step of a transfer: seal, read the final value, continue at the successor. It is checked for every kind of
 * cell that is one number. Two weakened seals verify that the test detects errors.
 */
public class SealTest {

    @Test
    public void longCell_transferred_isLinearizable() {
        passes(OfLongCells.class);
    }

    @Test
    public void slotCell_transferred_isLinearizable() {
        passes(OfSlotCells.class);
    }

    @Test
    public void trackedCell_transferred_isLinearizable() {
        passes(OfTrackedCells.class);
    }

    @Test
    public void wideCell_transferred_isLinearizable() {
        passes(OfWideCells.class);
    }

    @Test
    public void flagReadBeforeUpdate_isDetected() {
        fails(OfFlagCells.class);
    }

    @Test
    public void valueReadBeforeMark_isDetected() {
        fails(OfEarlyReadCells.class);
    }

    private static void passes(Class<?> counter) {
        check(Effort.modelChecking(), counter);
        check(Effort.stress(), counter);
    }

    private static void fails(Class<?> counter) {
        assertThrows(LincheckAssertionError.class, () -> check(Effort.modelChecking(), counter));
    }

    private static void check(Options<?, ?> options, Class<?> counter) {
        options.sequentialSpecification(SequentialCounter.class).check(counter);
    }

    /** A cell, or a weakened imitation. */
    interface Sealable {
        long inc();

        long get();

        long seal();
    }

    /** A counter that is transferred from cell to cell as a namespace does it. Its monitor is the key lock. */
    public abstract static class TransferredCounter {
        private volatile Sealable cell = newCell(0);

        abstract Sealable newCell(long value);

        @Operation
        public long inc() {
            long raw = cell.inc();
            if (Cell.isSealed(raw)) {
                synchronized (this) {
                    return cell.inc();
                }
            }
            return raw;
        }

        @Operation
        public long get() {
            long raw = cell.get();
            if (Cell.isSealed(raw)) {
                synchronized (this) {
                    return cell.get();
                }
            }
            return raw;
        }

        @Operation
        public synchronized void move() {
            cell = newCell(cell.seal());
        }

        @Operation
        public synchronized long drain() {
            long last = cell.seal();
            cell = newCell(0);
            return last;
        }
    }

    /** Sequential specification. */
    public static final class SequentialCounter {
        private long value;

        public long inc() {
            return ++value;
        }

        public long get() {
            return value;
        }

        public void move() {}

        public long drain() {
            long last = value;
            value = 0;
            return last;
        }
    }

    private static class CellAdapter implements Sealable {
        final Cell cell;

        CellAdapter(Cell cell) {
            this.cell = cell;
        }

        @Override
        public long inc() {
            return cell.inc(1);
        }

        @Override
        public long get() {
            return cell.get();
        }

        @Override
        public long seal() {
            return cell.seal();
        }
    }

    public static final class OfLongCells extends TransferredCounter {
        @Override
        Sealable newCell(long value) {
            LongCell cell = new LongCell("k");
            cell.init(value);
            return new CellAdapter(cell);
        }
    }

    public static final class OfSlotCells extends TransferredCounter {
        @Override
        Sealable newCell(long value) {
            long[] slots = SlotCell.sealed(1);
            SlotCell.init(slots, 0, value);
            return new CellAdapter(new SlotCell(slots, 0, true));
        }
    }

    /** With a listener that is notified of changes. */
    public static final class OfTrackedCells extends TransferredCounter {
        private volatile long lastReported;

        @Override
        Sealable newCell(long value) {
            TrackedCell cell = new TrackedCell("k");
            cell.init(value);
            cell.readAndTrack(changed -> lastReported = changed.get());
            return new CellAdapter(cell);
        }
    }

    /** Adds to a wide cell as callers do, through a table of any kind. */
    private static final class WideCellAdapter extends CellAdapter {
        private static final CellTable TABLE = ((TableBackend) BareEts.backend()).create("ns");

        WideCellAdapter(WideCell cell) {
            super(cell);
        }

        @Override
        public long inc() {
            return TABLE.apply("k", cell, new CellUpdate.Add(1, 0));
        }
    }

    public static final class OfWideCells extends TransferredCounter {
        @Override
        Sealable newCell(long value) {
            WideCell cell = new WideCell("k");
            cell.init(value);
            return new WideCellAdapter(cell);
        }
    }

    /** Weakened: checks a flag, and then adds. */
    private static final class FlagCell implements Sealable {
        private final AtomicLong value;
        private volatile boolean sealed;

        FlagCell(long value) {
            this.value = new AtomicLong(value);
        }

        @Override
        public long inc() {
            return sealed ? Cell.SEALED : value.incrementAndGet();
        }

        @Override
        public long get() {
            return sealed ? Cell.SEALED : value.get();
        }

        @Override
        public long seal() {
            sealed = true;
            return value.get();
        }
    }

    public static final class OfFlagCells extends TransferredCounter {
        @Override
        Sealable newCell(long value) {
            return new FlagCell(value);
        }
    }

    /** Weakened: reads the value, and then sets the mark. */
    private static final class EarlyReadCell extends CellAdapter {
        EarlyReadCell(LongCell cell) {
            super(cell);
        }

        @Override
        public long seal() {
            long last = cell.get();
            cell.seal();
            return last;
        }
    }

    public static final class OfEarlyReadCells extends TransferredCounter {
        @Override
        Sealable newCell(long value) {
            LongCell cell = new LongCell("k");
            cell.init(value);
            return new EarlyReadCell(cell);
        }
    }
}
