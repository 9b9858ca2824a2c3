package org.counterex.tck;

import java.util.HashMap;
import java.util.Map;
import org.counterex.api.backend.CounterBackend;
import org.example.counters.SynchronizedMapBackend;

/** The example with a simulated disk in memory, which the next one on the same disk reads. */
class DiskMapBackend extends SynchronizedMapBackend implements AutoCloseable {

    /** Factory of a backend that loads the content of a disk. */
    interface Factory {
        DiskMapBackend on(Map<String, Map<String, Long>> disk);
    }

    /** The counters of each namespace; its monitor is held by writers only. */
    final Map<String, Map<String, Long>> disk;

    DiskMapBackend(Map<String, Map<String, Long>> disk) {
        this.disk = disk;
        disk.forEach((namespace, counters) -> counters.forEach((key, value) -> super.set(namespace, key, value)));
    }

    @Override
    public synchronized void flush(String namespace) {
        write();
    }

    /** Writes all counters. */
    synchronized void write() {
        disk.clear();
        info().namespaces().keySet().forEach(namespace -> disk.put(namespace, new HashMap<>(getAll(namespace))));
    }

    @Override
    public void close() {
        write();
    }

    /** Returns another backend on what this one has written. */
    static CounterBackend after(CounterBackend backend, Factory factory) {
        Map<String, Map<String, Long>> written = new HashMap<>();
        ((DiskMapBackend) backend).disk.forEach((namespace, counters) -> written.put(namespace, Map.copyOf(counters)));
        return factory.on(written);
    }
}
