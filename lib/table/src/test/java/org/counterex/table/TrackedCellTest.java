package org.counterex.table;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.lang.ref.WeakReference;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.TrackedCell;
import org.junit.Test;

/** Whom a cell tells that it has changed, and when. */
public class TrackedCellTest {

    private final TrackedCell cell = new TrackedCell("key");
    private final AtomicInteger told = new AtomicInteger();

    private TrackedCell.DirtyListener counting() {
        AtomicInteger counted = told; // not this test as well
        return changed -> counted.incrementAndGet();
    }

    @Test
    public void additions_betweenTwoTakes_tellOnce() {
        cell.inc(1);
        assertEquals(0, told.get());
        assertEquals(1, cell.readAndTrack(counting()));
        cell.inc(1);
        cell.add(1);
        assertEquals(1, told.get());
        assertEquals(3, cell.readAndTrack(counting()));
        assertEquals(1, told.get());
        cell.add(1);
        assertEquals(2, told.get());
    }

    /** Who returns first may ask at once for all to be written: so the other cannot be left to tell. */
    @Test
    public void addition_whileAnotherIsAboutToTell_tellsItself() throws Exception {
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        cell.readAndTrack(changed -> {
            if (told.incrementAndGet() == 1) {
                telling.countDown();
                awaitLatch(goOn);
            }
        });
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Long> first = thread.submit(() -> cell.inc(1));
            awaitLatch(telling);
            cell.inc(1);
            assertEquals(2, told.get());
            assertEquals(2, cell.readAndTrack(counting()));
            goOn.countDown();
            assertEquals(1, first.get(20, TimeUnit.SECONDS).longValue());
        } finally {
            goOn.countDown();
            thread.shutdown();
        }
        cell.inc(1); // the late one has not removed the tracker that came after it
        assertEquals(3, told.get());
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody came");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Memory may run out where changes are noted: then nobody knows of this one, and the next one is to be noted. */
    @Test
    public void trackerThatFails_isToldAgain() {
        cell.readAndTrack(changed -> {
            if (told.incrementAndGet() == 1) {
                throw new OutOfMemoryError("test");
            }
        });
        assertThrows(OutOfMemoryError.class, () -> cell.inc(1));
        assertEquals(2, cell.inc(1));
        assertEquals(2, told.get());
    }

    @Test
    public void sealedCell_tellsNothing() {
        cell.readAndTrack(counting());
        cell.seal();
        assertEquals(Cell.SEALED, cell.readAndTrack(counting()));
        cell.inc(1);
        assertEquals(0, told.get());
    }

    /** A handle keeps the last cell that it has met, and a bundle that has left is not to stay for that. */
    @Test
    public void sealedCell_keepsNoTracker() {
        assertCollected(sealedAfterTake());
        assertCollected(takenAfterSeal());
    }

    private WeakReference<?> sealedAfterTake() {
        TrackedCell.DirtyListener tracker = counting();
        cell.readAndTrack(tracker);
        cell.seal();
        return new WeakReference<>(tracker);
    }

    private WeakReference<?> takenAfterSeal() {
        TrackedCell.DirtyListener tracker = counting();
        cell.readAndTrack(tracker);
        return new WeakReference<>(tracker);
    }

    private static void assertCollected(WeakReference<?> gone) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> {
            System.gc();
            return gone.get() == null;
        });
    }
}
