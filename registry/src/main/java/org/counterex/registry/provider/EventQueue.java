package org.counterex.registry.provider;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.counterex.api.CounterListener;

/**
 * What waits for a receiver: a bounded ring that any thread may fill without a lock, and that one thread, its courier, empties.
 *
 * <p><b>Invariant.</b> Places from {@link #head} to before {@link #tail} are taken, {@link #SIZE} of them at the most. Who
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
final class EventQueue<E> {

    /** Who receives, one call after the other. Whatever it throws is its own business. */
    interface Receiver<E> {
        void receive(E item);

        /** @param items that were dropped since it was last told so */
        void missed(long items);
    }

    /** A power of two. */
    static final int SIZE = CounterListener.WAITING;

    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicReferenceArray<E> ring = new AtomicReferenceArray<>(SIZE);
    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();
    private final Receiver<? super E> receiver;

    private volatile long head;
    private volatile boolean asleep;
    private volatile boolean ended;
    private volatile Thread courier;

    /** How often the courier has gone in and out; odd while it is inside. */
    private volatile long passages;

    EventQueue(Receiver<? super E> receiver) {
        this.receiver = receiver;
    }

    /** Leaves an item, or counts it as missed. Lock-free. */
    void post(E item) {
        long at;
        do {
            at = tail.get();
            if (at - head >= SIZE) {
                missed.incrementAndGet();
                wake();
                return;
            }
        } while (!tail.compareAndSet(at, at + 1));
        ring.set((int) at & SIZE - 1, item);
        wake();
    }

    private void wake() {
        if (asleep) {
            asleep = false;
            LockSupport.unpark(courier);
        }
    }

    /** The work of the courier; returns when the end has come. */
    void deliver() {
        courier = Thread.currentThread();
        while (!ended) {
            if (!deliverSome()) {
                LockSupport.parkNanos(this, IDLE_NS);
                if (!deliverSome()) {
                    sleep();
                }
            }
        }
    }

    private void sleep() {
        asleep = true;
        while (asleep && isEmpty() && !ended) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    private boolean isEmpty() {
        return ring.get((int) head & SIZE - 1) == null && missed.get() == 0;
    }

    private boolean deliverSome() {
        boolean some = false;
        while (!ended && !isEmpty()) {
            some = true;
            passages = passages + 1; // by this thread alone
            try {
                if (!ended) {
                    deliverNext();
                }
            } finally {
                passages = passages + 1;
                Thread.interrupted(); // what a receiver leaves of that would keep this thread from sleeping
            }
        }
        return some;
    }

    private void deliverNext() {
        long lost = missed.get() == 0 ? 0 : missed.getAndSet(0);
        if (lost > 0) {
            receiver.missed(lost);
            return;
        }
        int place = (int) head & SIZE - 1;
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
    boolean end(long timeoutMs) {
        ended = true;
        LockSupport.unpark(courier);
        if (awaitReturn(timeoutMs)) {
            return true;
        }
        Thread inside = courier;
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
        long seen = passages;
        boolean inside = (seen & 1) == 1 && Thread.currentThread() != courier;
        while (inside && passages == seen) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(this, IDLE_NS);
        }
        return true;
    }
}
