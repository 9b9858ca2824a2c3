package org.counterex.registry.provider.event;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.counterex.api.CounterListener;

/**
 * Bounded multi-producer, single-consumer event queue: any thread adds events without a lock, and one dispatch thread
 * hands them to a receiver.
 *
 * <p><b>Layout.</b> {@link #head} and {@link #tail} are positions that only grow; the low-order bits of a position
 * select a slot of the ring. Only the dispatch thread advances the head.
 *
 * <p><b>Invariant.</b> The slots from the head up to, but not including, the tail are reserved: {@link #CAPACITY} of
 * them at most. A producer advances the tail and then fills the slot that it has reserved; the dispatch thread clears a
 * slot and then advances the head. An event that finds no free slot is counted as dropped. So every event is received
 * once, counted as dropped once, or still queued.
 *
 * <p><b>Waking.</b> The dispatch thread sets {@link #asleep}, then looks for events a last time, then parks. A producer
 * fills its slot or counts the drop, and then reads {@link #asleep}. Each side writes before it reads, in volatile
 * mode, so at least one of them sees the write of the other and no event is left behind by a sleeping thread. Before it
 * sleeps the dispatch thread idles for {@link #IDLE_NS}: while events keep arriving within that time, producers need
 * not wake it.
 *
 * <p><b>End.</b> {@link #entries} is odd while the dispatch thread is inside the receiver. The thread makes it odd,
 * then reads {@link #closed}, then calls. A thread that has set {@link #closed} and then reads an even number knows
 * that no call will begin.
 */
public final class EventQueue<E> {

    /** The consumer of a queue, called by the dispatch thread, one call at a time. Must not throw. */
    interface Receiver<E> {
        void receive(E item);

        /** @param items the number of events dropped since the previous call of this method; 1 or more */
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

    /** Number of times the dispatch thread has entered or left the receiver; odd while it is inside. */
    private volatile long entries;

    EventQueue(Receiver<? super E> receiver) {
        this.receiver = receiver;
    }

    /** Adds an event, or counts it as dropped if the queue is full. Lock-free. */
    public void offer(E item) {
        long position;
        do {
            position = tail.get();
            if (position - head >= CAPACITY) {
                dropped.incrementAndGet();
                wake();
                return;
            }
        } while (!tail.compareAndSet(position, position + 1));
        ring.set((int) position & CAPACITY - 1, item);
        wake();
    }

    private void wake() {
        if (asleep) {
            asleep = false;
            LockSupport.unpark(dispatcher);
        }
    }

    /** Dispatches events on the current thread until the queue is closed. */
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
        boolean dispatched = false;
        while (!closed && !isEmpty()) {
            dispatched = true;
            entries = entries + 1; // written by this thread only
            try {
                if (!closed) {
                    dispatchNext();
                }
            } finally {
                entries = entries + 1;
                Thread.interrupted(); // an interrupt left by the receiver would keep this thread from parking
            }
        }
        return dispatched;
    }

    private void dispatchNext() {
        long count = dropped.get() == 0 ? 0 : dropped.getAndSet(0);
        if (count > 0) {
            receiver.dropped(count);
            return;
        }
        int slot = (int) head & CAPACITY - 1;
        E item = ring.get(slot);
        ring.set(slot, null);
        head = head + 1; // written by this thread only
        receiver.receive(item);
    }

    /**
     * Closes the queue and waits until the receiver is not being called any more; events still queued are discarded.
     *
     * @return false if a call has not returned within the timeout; its thread has then been interrupted
     */
    boolean close(long timeoutMs) {
        closed = true;
        LockSupport.unpark(dispatcher);
        if (awaitReturn(timeoutMs)) {
            return true;
        }
        Thread thread = dispatcher;
        if (thread != null) {
            thread.interrupt();
        }
        return false;
    }

    /**
     * Waits until the call of the receiver that is in progress, if any, has returned. Returns at once on the dispatch
     * thread.
     *
     * @return false if the call has not returned within the timeout
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
