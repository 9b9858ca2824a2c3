package org.counterex.tck;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.counterex.api.backend.BackendInfo;

/** Faults in retaining values. */
final class RetentionFlaws {

    /**
     * One fault.
     *
     * @param name its description
     * @param backends creates a backend with the fault
     * @param caughtBy the tests that have to fail on it, each by itself
     */
    record RetentionFlaw(String name, DiskMapBackend.Factory backends, List<String> caughtBy) {}

    static final List<RetentionFlaw> ALL = List.of(
            flaw(
                    "values are written as floating-point numbers",
                    disk -> new DiskMapBackend(disk) {
                        @Override
                        synchronized void write() {
                            super.write();
                            disk.values()
                                    .forEach(counters -> counters.replaceAll((key, value) -> (long) (double) value));
                        }
                    },
                    "values_ofEveryKind_areRetained"),
            flaw(
                    "names are stripped when they are written",
                    disk -> new DiskMapBackend(disk) {
                        @Override
                        synchronized void write() {
                            super.write();
                            Map<String, Map<String, Long>> written = new HashMap<>(disk);
                            disk.clear();
                            written.forEach((namespace, counters) -> disk.computeIfAbsent(
                                            namespace.strip(), absent -> new HashMap<>())
                                    .putAll(counters));
                        }
                    },
                    "names_ofAnyKind_areRetained"),
            flaw(
                    "one page is written",
                    disk -> new DiskMapBackend(disk) {
                        @Override
                        synchronized void write() {
                            super.write();
                            disk.values()
                                    .forEach(counters -> counters.keySet()
                                            .retainAll(counters.keySet().stream()
                                                    .limit(1_000)
                                                    .toList()));
                        }
                    },
                    "manyCounters_areRetained"),
            flaw(
                    "restored counters are not written again",
                    disk -> new DiskMapBackend(disk) {
                        @Override
                        synchronized void write() {
                            Map<String, Map<String, Long>> before = new HashMap<>(disk);
                            super.write();
                            disk.forEach((namespace, counters) -> counters.replaceAll((key, value) ->
                                    before.getOrDefault(namespace, Map.of()).getOrDefault(key, value)));
                        }
                    },
                    "changes_ofEveryKind_areRetained"),
            flaw(
                    "removed counters remain written",
                    disk -> new DiskMapBackend(disk) {
                        @Override
                        synchronized void write() {
                            info().namespaces().keySet().forEach(namespace -> {
                                Map<String, Long> all = new HashMap<>(disk.getOrDefault(namespace, Map.of()));
                                all.putAll(getAll(namespace));
                                disk.put(namespace, all);
                            });
                        }
                    },
                    "removedCounters_areNotRetained"),
            flaw(
                    "info has namespaces already read only",
                    disk -> new DiskMapBackend(disk) {
                        private final Set<String> asked = ConcurrentHashMap.newKeySet();

                        @Override
                        public synchronized long set(String namespace, String key, long value) {
                            if (asked != null) { // null while the disk is read
                                asked.add(namespace);
                            }
                            return super.set(namespace, key, value);
                        }

                        @Override
                        synchronized void write() {
                            Map<String, Map<String, Long>> before = new HashMap<>(disk);
                            super.write();
                            before.forEach(disk::putIfAbsent);
                        }

                        @Override
                        public synchronized BackendInfo info() {
                            BackendInfo info = super.info();
                            Map<String, Long> sizes = new HashMap<>(info.namespaces());
                            sizes.keySet().retainAll(asked);
                            return BackendInfo.of(info.type(), info.name(), sizes);
                        }
                    },
                    "info_ofAReturnedBackend_isComplete"),
            flaw(
                    "internal records are restored as counters",
                    disk -> new DiskMapBackend(disk) {
                        @Override
                        synchronized void write() {
                            super.write();
                            disk.put("version", new HashMap<>(Map.of("written", 1L)));
                        }
                    },
                    "backendWithoutCounters_returnsEmpty"),
            flaw(
                    "a counter created again is treated as deleted",
                    disk -> new DiskMapBackend(disk) {
                        private final Map<String, Set<String>> deleted = new HashMap<>();

                        @Override
                        public synchronized void delete(String namespace, String key) {
                            super.delete(namespace, key);
                            deleted.computeIfAbsent(namespace, absent -> ConcurrentHashMap.newKeySet())
                                    .add(key);
                        }

                        @Override
                        synchronized void write() {
                            super.write();
                            deleted.forEach((namespace, keys) -> disk.getOrDefault(namespace, new HashMap<>())
                                    .keySet()
                                    .removeAll(keys));
                        }
                    },
                    "calls_withReturnsInBetween_equalTheModel",
                    "removedCounters_areNotRetained"),
            flaw(
                    "a change is recorded before it is made",
                    disk -> new DiskMapBackend(disk) {
                        private final Set<String> noted = ConcurrentHashMap.newKeySet();

                        @Override
                        public long inc(String namespace, String key, long step, long initial) {
                            noted.add(key);
                            if (ThreadLocalRandom.current().nextInt(4) == 0) {
                                write(); // as another thread may at this moment
                            }
                            return super.inc(namespace, key, step, initial);
                        }

                        @Override
                        synchronized void write() {
                            Map<String, Map<String, Long>> before = new HashMap<>(disk);
                            Set<String> changed = Set.copyOf(noted);
                            noted.removeAll(changed);
                            super.write();
                            disk.forEach((namespace, counters) -> counters.replaceAll((key, value) -> changed.contains(
                                            key)
                                    ? value
                                    : before.getOrDefault(namespace, Map.of()).getOrDefault(key, 0L)));
                        }
                    },
                    "countersOfRacingCallers_areRetained"),
            flaw(
                    "flush writes nothing",
                    disk -> new DiskMapBackend(disk) {
                        @Override
                        public synchronized void flush(String namespace) {
                            // later
                        }
                    },
                    "flush_beforeACrash_retainsWhatWasDone",
                    "flush_withRacingCallers_retainsWhatWasDone"),
            flaw(
                    "flush relies on another one in progress",
                    disk -> new DiskMapBackend(disk) {
                        private final AtomicBoolean writing = new AtomicBoolean();

                        @Override
                        public void flush(String namespace) {
                            if (!writing.getAndSet(true)) {
                                write();
                                LockSupport.parkNanos(100_000);
                                writing.set(false);
                            }
                        }
                    },
                    "flush_withRacingCallers_retainsWhatWasDone"));

    private RetentionFlaws() {}

    private static RetentionFlaw flaw(String name, DiskMapBackend.Factory backends, String... caughtBy) {
        return new RetentionFlaw(name, backends, List.of(caughtBy));
    }
}
