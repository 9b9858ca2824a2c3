package org.counterex.tck;

import java.util.HashMap;
import java.util.Map;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.backend.BackendInfo;
import org.example.counters.SynchronizedMapBackend;

/** The example with a capacity and a lowest value, with a separate record of its room, which faults can corrupt. */
class BoundedMapBackend extends SynchronizedMapBackend {

    private final long capacity;
    private final long lowest;
    private final Map<String, Long> taken = new HashMap<>();

    BoundedMapBackend(long capacity, long lowest) {
        this.capacity = capacity;
        this.lowest = lowest;
    }

    @Override
    public synchronized long inc(String namespace, String key, long step, long initial) {
        try {
            return super.inc(namespace, key, step, initial);
        } catch (CounterOverflowException e) {
            throw new CounterOverflowException(namespace, key, "a step of " + step, lowest);
        }
    }

    @Override
    public synchronized long set(String namespace, String key, long value) {
        if (value < lowest) {
            throw new CounterOverflowException(namespace, key, Long.toString(value), lowest);
        }
        if (get(namespace, key).isEmpty()) {
            reserve(namespace, key);
        }
        return super.set(namespace, key, value);
    }

    @Override
    public synchronized void delete(String namespace, String key) {
        if (get(namespace, key).isPresent()) {
            super.delete(namespace, key);
            release(namespace, 1);
        }
    }

    @Override
    public synchronized void deleteNamespace(String namespace) {
        release(namespace, getAll(namespace).size());
        super.deleteNamespace(namespace);
    }

    @Override
    public synchronized BackendInfo info() {
        return BackendInfo.of("map", "bounded", super.info().namespaces()).withCapacity(capacity);
    }

    /** Reserves room for one counter, or throws and reserves none. */
    synchronized void reserve(String namespace, String key) {
        long before = taken.getOrDefault(namespace, 0L);
        if (before >= capacity) {
            throw new CapacityExceededException(namespace, key, capacity);
        }
        taken.put(namespace, before + 1);
    }

    /** Releases room. */
    synchronized void release(String namespace, long counters) {
        taken.merge(namespace, -counters, Long::sum);
    }
}
