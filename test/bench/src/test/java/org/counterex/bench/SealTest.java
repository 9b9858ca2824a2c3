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
 * The step on which all hand-over rests: seal, take the final value, continue at the successor. Every kind of cell that is one
 * number stands it; and a seal that is weakened, be it ever so little, is found: that is the test of this test.
 */
public class SealTest {

    @Test
    public void longCell_handedOver_isLinearizable() {
        passes(OfLongCells.class);
    }

    @Test
    public void slotCell_handedOver_isLinearizable() {
        passes(OfSlotCells.class);
    }

    @Test
    public void trackedCell_handedOver_isLinearizable() {
        passes(OfTrackedCells.class);
    }

    @Test
    public void wideCell_handedOver_isLinearizable() {
        passes(OfWideCells.class);
    }

    @Test
    public void flagReadBeforeTheUpdate_isFoundOut() {
        fails(OfFlagCells.class);
    }

    @Test
    public void valueTakenBeforeTheMark_isFoundOut() {
        fails(OfHastyCells.class);
    }

    private static void passes(Class<?> counter) {
        check(Effort.modelChecking(), counter);
        check(Effort.stress(), counter);
    }

    private static void fails(Class<?> counter) {
        assertThrows(LincheckAssertionError.class, () -> check(Effort.modelChecking(), counter));
    }

    private static void check(Options<?, ?> options, Class<?> counter) {
        options.sequentialSpecification(Alone.class).check(counter);
    }

    /** A cell, or what would like to be one. */
    interface Sealable {
        long inc();

        long get();

        long seal();
    }

    /** One counter that is handed over from cell to cell as a namespace does it. Its monitor is the key lock. */
    public abstract static class HandedOver {
        private volatile Sealable cell = holding(0);

        abstract Sealable holding(long value);

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
            cell = holding(cell.seal());
        }

        @Operation
        public synchronized long drain() {
            long last = cell.seal();
            cell = holding(0);
            return last;
        }
    }

    /** What one thread alone would see. */
    public static final class Alone {
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

    private static class Fast implements Sealable {
        final Cell cell;

        Fast(Cell cell) {
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

    public static final class OfLongCells extends HandedOver {
        @Override
        Sealable holding(long value) {
            LongCell cell = new LongCell("k");
            cell.init(value);
            return new Fast(cell);
        }
    }

    public static final class OfSlotCells extends HandedOver {
        @Override
        Sealable holding(long value) {
            long[] slots = SlotCell.sealed(1);
            SlotCell.init(slots, 0, value);
            return new Fast(new SlotCell(slots, 0, true));
        }
    }

    /** With somebody who is told of each change. */
    public static final class OfTrackedCells extends HandedOver {
        private volatile long told;

        @Override
        Sealable holding(long value) {
            TrackedCell cell = new TrackedCell("k");
            cell.init(value);
            cell.readAndTrack(changed -> told = changed.get());
            return new Fast(cell);
        }
    }

    /** Adds to a wide cell as callers do, through a table; which one does not matter. */
    private static final class Wide extends Fast {
        private static final CellTable TABLE = ((TableBackend) BareEts.backend()).create("ns");

        Wide(WideCell cell) {
            super(cell);
        }

        @Override
        public long inc() {
            return TABLE.apply("k", cell, new CellUpdate.Add(1, 0));
        }
    }

    public static final class OfWideCells extends HandedOver {
        @Override
        Sealable holding(long value) {
            WideCell cell = new WideCell("k");
            cell.init(value);
            return new Wide(cell);
        }
    }

    /** Weakened: looks whether it is sealed, and then adds. */
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

    public static final class OfFlagCells extends HandedOver {
        @Override
        Sealable holding(long value) {
            return new FlagCell(value);
        }
    }

    /** Weakened: reads the value and then leaves the mark. */
    private static final class Hasty extends Fast {
        Hasty(LongCell cell) {
            super(cell);
        }

        @Override
        public long seal() {
            long last = cell.get();
            cell.seal();
            return last;
        }
    }

    public static final class OfHastyCells extends HandedOver {
        @Override
        Sealable holding(long value) {
            LongCell cell = new LongCell("k");
            cell.init(value);
            return new Hasty(cell);
        }
    }
}
