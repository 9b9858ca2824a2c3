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

/** Every item is received once or counted as dropped once, and a sleeping dispatch thread is woken. */
public class EventQueueTest {

    private static final long DEADLINE_MS = 10_000;

    private final DispatchThreads dispatchThreads = new DispatchThreads();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicReference<Long> last = new AtomicReference<>(-1L);
    private final CountDownLatch open = new CountDownLatch(1);
    private volatile String outOfOrder;

    private final EventQueue<Long> queue = new EventQueue<>(new EventQueue.Receiver<>() {
        @Override
        public void receive(Long item) {
            awaitOpen();
            if (item <= last.getAndSet(item)) {
                outOfOrder = item + " after its successor";
            }
            received.incrementAndGet();
        }

        @Override
        public void dropped(long items) {
            dropped.addAndGet(items);
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
    public void close() {
        open.countDown();
        queue.close(DEADLINE_MS);
        dispatchThreads.shutdown();
    }

    @Test
    public void items_ofOneThread_arriveInOrder() {
        open.countDown();
        dispatchThreads.start(queue, "dispatcher");
        for (long i = 0; i < 1_000; i++) {
            long all = i;
            queue.offer(i);
            if (i % 100 == 0) { // lets the dispatch thread fall asleep now and then
                await().until(() -> received.get() == all + 1);
            }
        }
        await().until(() -> received.get() == 1_000);
        assertEquals(null, outOfOrder);
    }

    @Test
    public void items_beyondCapacity_areDropped() {
        dispatchThreads.start(queue, "dispatcher");
        queue.offer(0L);
        await().until(() -> !queue.awaitReturn(0)); // until the first item is being received
        for (long i = 1; i <= EventQueue.CAPACITY + 7; i++) {
            queue.offer(i);
        }
        open.countDown();
        await().until(() -> received.get() + dropped.get() == EventQueue.CAPACITY + 8);
        assertEquals(7, dropped.get());
    }

    @Test
    public void items_ofManyThreads_areReceivedOrDroppedOnce() throws InterruptedException {
        int each = 100_000;
        open.countDown();
        dispatchThreads.start(queue, "dispatcher");
        List<Thread> producers = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            producers.add(new Thread(() -> {
                for (long i = 0; i < each; i++) {
                    queue.offer(i);
                }
            }));
        }
        producers.forEach(Thread::start);
        for (Thread producer : producers) {
            producer.join();
        }
        await().untilAsserted(() -> assertEquals(3L * each, received.get() + dropped.get()));
        assertTrue("received " + received, received.get() >= EventQueue.CAPACITY);
    }

    @Test
    public void close_withHangingReceiver_isBounded() {
        dispatchThreads.start(queue, "dispatcher");
        queue.offer(0L);
        queue.offer(1L);
        await().until(() -> !queue.awaitReturn(0));
        assertFalse(queue.close(10));
        await().until(() -> queue.awaitReturn(0)); // the receiver has been interrupted
        assertEquals(1, received.get());
        assertTrue(queue.close(DEADLINE_MS));
    }

    @Test
    public void dispatchThread_afterInterrupt_sleeps() {
        EventQueue<String> interrupting = new EventQueue<>(new EventQueue.Receiver<String>() {
            @Override
            public void receive(String item) {
                Thread.currentThread().interrupt();
                received.incrementAndGet();
            }

            @Override
            public void dropped(long items) {}
        });
        dispatchThreads.start(interrupting, "sleeping-dispatcher");
        interrupting.offer("item");
        await().until(() -> received.get() == 1);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread ->
                        thread.getName().equals("sleeping-dispatcher") && thread.getState() == Thread.State.WAITING));
        assertTrue(interrupting.close(DEADLINE_MS));
    }

    @Test
    public void dispatchThread_onClose_ends() {
        open.countDown();
        dispatchThreads.start(queue, "ending-dispatcher");
        queue.offer(0L);
        await().until(() -> received.get() == 1);
        queue.close(DEADLINE_MS);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("ending-dispatcher")));
    }
}
