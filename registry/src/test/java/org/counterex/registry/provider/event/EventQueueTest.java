package org.counterex.registry.provider.event;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.After;
import org.junit.Test;

/** What is posted is received once or missed once, and who waits is woken. */
public class EventQueueTest {

    private static final long DEADLINE_MS = 10_000;

    private final DispatchThreads couriers = new DispatchThreads();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();
    private final AtomicReference<Long> last = new AtomicReference<>(-1L);
    private final CountDownLatch open = new CountDownLatch(1);
    private volatile String disorder;

    private final EventQueue<Long> postbox = new EventQueue<>(new EventQueue.Receiver<>() {
        @Override
        public void receive(Long item) {
            awaitOpen();
            if (item <= last.getAndSet(item)) {
                disorder = item + " after its successor";
            }
            received.incrementAndGet();
        }

        @Override
        public void dropped(long items) {
            missed.addAndGet(items);
        }
    });

    private void awaitOpen() {
        try {
            open.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @After
    public void end() {
        open.countDown();
        postbox.close(DEADLINE_MS);
        couriers.shutdown();
    }

    @Test
    public void items_ofOneThread_comeInOrder() {
        open.countDown();
        couriers.start(postbox, "courier");
        for (long i = 0; i < 1_000; i++) {
            long all = i;
            postbox.offer(i);
            if (i % 100 == 0) { // it has gone to sleep in between, at times
                await().until(() -> received.get() == all + 1);
            }
        }
        await().until(() -> received.get() == 1_000);
        assertEquals(null, disorder);
    }

    @Test
    public void items_thatFindNoPlace_areMissed() {
        couriers.start(postbox, "courier");
        postbox.offer(0L);
        await().until(() -> !postbox.awaitReturn(0)); // it has taken the first
        for (long i = 1; i <= EventQueue.CAPACITY + 7; i++) {
            postbox.offer(i);
        }
        open.countDown();
        await().until(() -> received.get() + missed.get() == EventQueue.CAPACITY + 8);
        assertEquals(7, missed.get());
    }

    @Test
    public void items_ofManyThreads_areReceivedOrMissedOnce() throws InterruptedException {
        int each = 100_000;
        open.countDown();
        couriers.start(postbox, "courier");
        List<Thread> posters = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            posters.add(new Thread(() -> {
                for (long i = 0; i < each; i++) {
                    postbox.offer(i);
                }
            }));
        }
        posters.forEach(Thread::start);
        for (Thread poster : posters) {
            poster.join();
        }
        await().untilAsserted(() -> assertEquals(3L * each, received.get() + missed.get()));
        assertTrue("received " + received, received.get() >= EventQueue.CAPACITY);
    }

    @Test
    public void end_ofAReceiverThatHangs_isBoundedAndNothingIsReceivedAfterwards() {
        couriers.start(postbox, "courier");
        postbox.offer(0L);
        postbox.offer(1L);
        await().until(() -> !postbox.awaitReturn(0));
        assertFalse(postbox.close(10));
        await().until(() -> postbox.awaitReturn(0)); // it has been interrupted
        assertEquals(1, received.get());
        assertTrue(postbox.close(DEADLINE_MS));
    }

    @Test
    public void courier_sleepsAfterAReceiverThatInterruptedIt() {
        EventQueue<String> interrupting = new EventQueue<>(new EventQueue.Receiver<String>() {
            @Override
            public void receive(String item) {
                Thread.currentThread().interrupt();
                received.incrementAndGet();
            }

            @Override
            public void dropped(long items) {}
        });
        couriers.start(interrupting, "sleeping-courier");
        interrupting.offer("item");
        await().until(() -> received.get() == 1);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread ->
                        thread.getName().equals("sleeping-courier") && thread.getState() == Thread.State.WAITING));
        assertTrue(interrupting.close(DEADLINE_MS));
    }

    @Test
    public void courier_endsWithItsPostbox() {
        open.countDown();
        couriers.start(postbox, "ending-courier");
        postbox.offer(0L);
        await().until(() -> received.get() == 1);
        postbox.close(DEADLINE_MS);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("ending-courier")));
    }
}
