package org.counterex.backend.redis.provider;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.counterex.api.CounterNames;

/** One namespace: its buckets, and what is counted here in between. */
final class NamespaceQueues {

    final String name;
    final WriteBuffer deltas;

    /** Additions that were acknowledged and that the server does not take: tried again now and then. */
    final Queue<Operation> refused = new ConcurrentLinkedQueue<>();

    /** Whether it was told that the server takes none. */
    volatile boolean refusing;

    /** Whether the server knows that there is such a namespace. */
    volatile boolean announced;

    private final BatchQueue[] buckets;

    NamespaceQueues(String name, int buckets, String prefix, String session, Semaphore room) {
        this.name = name;
        this.deltas = new WriteBuffer(room);
        this.buckets = IntStream.range(0, buckets)
                .mapToObj(index -> new BatchQueue(this, index, prefix, session))
                .toArray(BatchQueue[]::new);
    }

    /** Where a counter is: every runtime that has the same number of buckets has to find the same. */
    BatchQueue bucket(String key) {
        return buckets[Math.floorMod(key.hashCode(), buckets.length)];
    }

    BatchQueue[] buckets() {
        return buckets;
    }

    @Override
    public String toString() {
        return CounterNames.printable(name);
    }
}
