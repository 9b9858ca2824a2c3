package org.counterex.tck;

import java.util.HashMap;
import java.util.Map;
import org.counterex.api.backend.CounterBackend;
import org.example.counters.SynchronizedMapBackend;

/** The example with a disk, in memory: what was written is there again for the next one with the same disk. */
class DiskMapBackend extends SynchronizedMapBackend implements AutoCloseable {

    /** How to make one that uses a disk, and loads what is there. */
    interface Factory {
        DiskMapBackend on(Map<String, Map<String, Long>> disk);
    }

    /** The counters of each namespace; has the monitor of nobody but who writes. */
    final Map<String, Map<String, Long>> disk;

    DiskMapBackend(Map<String, Map<String, Long>> disk) {
        this.disk = disk;
        disk.forEach((namespace, counters) -> counters.forEach((key, value) -> super.set(namespace, key, value)));
    }

    @Override
    public synchronized void flush(String namespace) {
        write();
    }

    /** Writes all there is. */
    synchronized void write() {
        disk.clear();
        info().namespaces().keySet().forEach(namespace -> disk.put(namespace, new HashMap<>(getAll(namespace))));
    }

    @Override
    public void close() {
        write();
    }

    /** Another one that finds what this one has written. */
    static CounterBackend after(CounterBackend backend, Factory factory) {
        Map<String, Map<String, Long>> written = new HashMap<>();
        ((DiskMapBackend) backend).disk.forEach((namespace, counters) -> written.put(namespace, Map.copyOf(counters)));
        return factory.on(written);
    }
}
