package org.counterex.registry.provider.event;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.counterex.api.CounterListener;

/**
 * What waits for a receiver: a bounded ring that any thread may fill without a lock, and that one thread, its courier, empties.
 *
 * <p><b>Invariant.</b> Places from {@link #head} to before {@link #tail} are taken, {@link #CAPACITY} of them at the most. Who
 * has moved the tail on fills the place before it; the courier empties a place before it moves the head on. What finds no
 * place is counted as missed: every item is received once, or missed once, or still waiting.
 *
 * <p><b>Waking.</b> The courier says that it is {@link #asleep} before it looks a last time and sleeps; who fills a place or
 * misses one looks for that afterwards. So one of the two sees the other. Before it sleeps, it idles a little: while there is
 * something to do every now and then, nobody need wake it.
 *
 * <p><b>End.</b> The courier says that it is {@link #inside} the receiver before it looks whether the end has come. So who
 * has told the end and finds it outside knows that no call will begin.
 */
public final class EventQueue<E> {

    /** Who receives, one call after the other. Whatever it throws is its own business. */
    interface Receiver<E> {
        void receive(E item);

        /** @param items that were dropped since it was last told so */
        void dropped(long items);
    }

    /** A power of two. */
    static final int CAPACITY = CounterListener.QUEUE_CAPACITY;

    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicReferenceArray<E> ring = new AtomicReferenceArray<>(CAPACITY);
    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Receiver<? super E> receiver;

    private volatile long head;
    private volatile boolean asleep;
    private volatile boolean closed;
    private volatile Thread dispatcher;

    /** How often the courier has gone in and out; odd while it is inside. */
    private volatile long entries;

    EventQueue(Receiver<? super E> receiver) {
        this.receiver = receiver;
    }

    /** Leaves an item, or counts it as missed. Lock-free. */
    public void offer(E item) {
        long at;
        do {
            at = tail.get();
            if (at - head >= CAPACITY) {
                dropped.incrementAndGet();
                wake();
                return;
            }
        } while (!tail.compareAndSet(at, at + 1));
        ring.set((int) at & CAPACITY - 1, item);
        wake();
    }

    private void wake() {
        if (asleep) {
            asleep = false;
            LockSupport.unpark(dispatcher);
        }
    }

    /** The work of the courier; returns when the end has come. */
    void dispatchLoop() {
        dispatcher = Thread.currentThread();
        while (!closed) {
            if (!dispatchPending()) {
                LockSupport.parkNanos(this, IDLE_NS);
                if (!dispatchPending()) {
                    sleep();
                }
            }
        }
    }

    private void sleep() {
        asleep = true;
        while (asleep && isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    private boolean isEmpty() {
        return ring.get((int) head & CAPACITY - 1) == null && dropped.get() == 0;
    }

    private boolean dispatchPending() {
        boolean some = false;
        while (!closed && !isEmpty()) {
            some = true;
            entries = entries + 1; // by this thread alone
            try {
                if (!closed) {
                    dispatchNext();
                }
            } finally {
                entries = entries + 1;
                Thread.interrupted(); // what a receiver leaves of that would keep this thread from sleeping
            }
        }
        return some;
    }

    private void dispatchNext() {
        long lost = dropped.get() == 0 ? 0 : dropped.getAndSet(0);
        if (lost > 0) {
            receiver.dropped(lost);
            return;
        }
        int place = (int) head & CAPACITY - 1;
        E item = ring.get(place);
        ring.set(place, null);
        head = head + 1; // by this thread alone
        receiver.receive(item);
    }

    /**
     * Has nothing more received.
     *
     * @return false if a call into the receiver has not come back in time; it has been interrupted then
     */
    boolean close(long timeoutMs) {
        closed = true;
        LockSupport.unpark(dispatcher);
        if (awaitReturn(timeoutMs)) {
            return true;
        }
        Thread inside = dispatcher;
        if (inside != null) {
            inside.interrupt();
        }
        return false;
    }

    /**
     * Waits until a call into the receiver that is under way has come back; for the courier itself there is none.
     *
     * @return false if it has not in time
     */
    boolean awaitReturn(long timeoutMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        long seen = entries;
        boolean inside = (seen & 1) == 1 && Thread.currentThread() != dispatcher;
        while (inside && entries == seen) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(this, IDLE_NS);
        }
        return true;
    }
}
