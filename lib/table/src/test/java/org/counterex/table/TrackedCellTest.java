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

/** The notifications of a cell about its changes. */
public class TrackedCellTest {

    private final TrackedCell cell = new TrackedCell("key");
    private final AtomicInteger notifications = new AtomicInteger();

    private TrackedCell.DirtyListener counting() {
        AtomicInteger counted = notifications; // does not capture this test
        return changed -> counted.incrementAndGet();
    }

    @Test
    public void additions_betweenTwoReads_notifyOnce() {
        cell.inc(1);
        assertEquals(0, notifications.get());
        assertEquals(1, cell.readAndTrack(counting()));
        cell.inc(1);
        cell.add(1);
        assertEquals(1, notifications.get());
        assertEquals(3, cell.readAndTrack(counting()));
        assertEquals(1, notifications.get());
        cell.add(1);
        assertEquals(2, notifications.get());
    }

    /**
     * The caller of the second addition may flush at once, so it must not rely on a notification that is still under
     * way.
     */
    @Test
    public void addition_duringNotification_notifiesAgain() throws Exception {
        CountDownLatch notifying = new CountDownLatch(1);
        CountDownLatch resume = new CountDownLatch(1);
        cell.readAndTrack(changed -> {
            if (notifications.incrementAndGet() == 1) {
                notifying.countDown();
                awaitLatch(resume);
            }
        });
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Long> first = thread.submit(() -> cell.inc(1));
            awaitLatch(notifying);
            cell.inc(1);
            assertEquals(2, notifications.get());
            assertEquals(2, cell.readAndTrack(counting()));
            resume.countDown();
            assertEquals(1, first.get(20, TimeUnit.SECONDS).longValue());
        } finally {
            resume.countDown();
            thread.shutdown();
        }
        cell.inc(1); // the first addition has not removed the newer listener
        assertEquals(3, notifications.get());
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("timed out waiting for the other thread");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A listener may run out of memory; it then misses this change and must be notified of the next one. */
    @Test
    public void listener_thatFailed_isNotifiedAgain() {
        cell.readAndTrack(changed -> {
            if (notifications.incrementAndGet() == 1) {
                throw new OutOfMemoryError("test");
            }
        });
        assertThrows(OutOfMemoryError.class, () -> cell.inc(1));
        assertEquals(2, cell.inc(1));
        assertEquals(2, notifications.get());
    }

    @Test
    public void sealedCell_doesNotNotify() {
        cell.readAndTrack(counting());
        cell.seal();
        assertEquals(Cell.SEALED, cell.readAndTrack(counting()));
        cell.inc(1);
        assertEquals(0, notifications.get());
    }

    /** A handle keeps a reference to its last cell, which must not pin a stopped bundle. */
    @Test
    public void sealedCell_keepsNoListener() {
        assertCollected(sealedAfterRead());
        assertCollected(readAfterSeal());
    }

    private WeakReference<?> sealedAfterRead() {
        TrackedCell.DirtyListener listener = counting();
        cell.readAndTrack(listener);
        cell.seal();
        return new WeakReference<>(listener);
    }

    private WeakReference<?> readAfterSeal() {
        TrackedCell.DirtyListener listener = counting();
        cell.readAndTrack(listener);
        return new WeakReference<>(listener);
    }

    private static void assertCollected(WeakReference<?> reference) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> {
            System.gc();
            return reference.get() == null;
        });
    }
}
