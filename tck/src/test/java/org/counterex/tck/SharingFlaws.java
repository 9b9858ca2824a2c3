package org.counterex.tck;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.counterex.api.CasResult;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;

/** Faults in sharing values. Most have no effect with a single backend. */
final class SharingFlaws {

    /** Factory of a backend on a store. */
    interface Factory {
        CounterBackend on(CounterBackend store);
    }

    /**
     * One fault.
     *
     * @param name its description
     * @param backends creates a backend with the fault
     * @param atOnce whether others see changes without {@code flush}
     * @param caughtBy the tests that have to fail on it, each by itself
     */
    record SharingFlaw(String name, Factory backends, boolean atOnce, List<String> caughtBy) {}

    static final List<SharingFlaw> ALL = List.of(
            flaw(
                    "get returns a value read before",
                    b -> {
                        Map<String, OptionalLong> read = new ConcurrentHashMap<>();
                        b.get = (namespace, key) -> read.computeIfAbsent(key, absent -> b.good.get(namespace, key));
                    },
                    "calls_ofEveryKind_areSeenByTheOther",
                    "calls_onEitherInAnyOrder_equalTheModel"),
            flaw(
                    "a counter deleted here stays deleted here",
                    b -> {
                        Set<String> deleted = ConcurrentHashMap.newKeySet();
                        b.delete = (namespace, key) -> {
                            b.good.delete(namespace, key);
                            deleted.add(key);
                        };
                        b.inc = (namespace, key, step, initial) -> {
                            deleted.remove(key);
                            return b.good.inc(namespace, key, step, initial);
                        };
                        b.set = (namespace, key, value) -> {
                            deleted.remove(key);
                            return b.good.set(namespace, key, value);
                        };
                        b.get = (namespace, key) ->
                                deleted.contains(key) ? OptionalLong.empty() : b.good.get(namespace, key);
                    },
                    "calls_ofEveryKind_areSeenByTheOther"),
            flaw(
                    "values are sent as floating-point numbers",
                    b -> b.getAll = namespace -> {
                        Map<String, Long> all = b.good.getAll(namespace);
                        all.replaceAll((key, value) -> (long) (double) value);
                        return all;
                    },
                    "values_ofEveryKind_areTheSameForTheOther"),
            flaw(
                    "text in braces is treated as the namespace",
                    b -> b.merge = (namespace, key, value) ->
                            b.good.merge(namespace.replaceAll(".*\\{(.+)}.*", "$1"), key, value),
                    "names_ofAnyKind_areTheSameForTheOther"),
            flaw(
                    "info has encoded names of namespaces",
                    b -> b.info = () -> renamed(b.good.info(), namespace -> namespace.replace("{", "%7B")),
                    "names_ofAnyKind_areTheSameForTheOther"),
            flaw(
                    "one page is read",
                    b -> b.getAll = namespace -> {
                        Map<String, Long> all = b.good.getAll(namespace);
                        all.keySet()
                                .retainAll(all.keySet().stream().limit(1_000).toList());
                        return all;
                    },
                    "manyCounters_areSeenByTheOther"),
            flaw(
                    "inc reads and then writes, under a local lock",
                    b -> b.inc = (namespace, key, step, initial) -> {
                        synchronized (b) {
                            long before = b.good.get(namespace, key).orElse(initial);
                            Flaw.pause();
                            return b.good.set(namespace, key, before + step);
                        }
                    },
                    "inc_ofRacersOnBoth_returnsOneToN",
                    "add_ofRacersOnBoth_isSummed",
                    "inc_ofCreatorsOnBoth_appliesOneInitialValue",
                    "compareAndSwap_ofRacersOnBoth_addsLikeInc",
                    "take_withAdditionsOfTheOther_takesEachOnce",
                    "drain_withAdditionsOfTheOther_takesEachOnce",
                    "delete_withAdditionsOfTheOther_endsTheCounter",
                    "merge_withRacersOnBoth_isAdded",
                    "add_whileOthersStartAndStop_isSummed"),
            flaw(
                    "inc creates and then adds, under a local lock",
                    b -> b.inc = (namespace, key, step, initial) -> {
                        synchronized (b) {
                            if (b.good.get(namespace, key).isEmpty()) {
                                Flaw.pause();
                                b.good.inc(namespace, key, initial, 0);
                            }
                            return b.good.inc(namespace, key, step, 0);
                        }
                    },
                    "inc_ofCreatorsOnBoth_appliesOneInitialValue"),
            flaw(
                    "compareAndSwap reads and then writes, under a local lock",
                    b -> b.compareAndSwap = (namespace, key, expected, newValue) -> {
                        synchronized (b) {
                            long found = b.good.get(namespace, key).orElse(0);
                            Flaw.pause();
                            return found == expected
                                    ? new CasResult(true, b.good.set(namespace, key, newValue))
                                    : new CasResult(false, found);
                        }
                    },
                    "compareAndSwap_ofRacersOnBoth_addsLikeInc",
                    "compareAndSwap_ofCreatorsOnBoth_createsOnce"),
            flaw(
                    "take reads and then deletes, under a local lock",
                    b -> b.take = (namespace, key) -> {
                        synchronized (b) {
                            OptionalLong taken = b.good.get(namespace, key);
                            Flaw.pause();
                            b.good.delete(namespace, key);
                            return taken;
                        }
                    },
                    "take_withAdditionsOfTheOther_takesEachOnce",
                    "drain_withTakesOfTheOther_takesEachOnce",
                    "take_ofTheSameCounterByBoth_returnsItOnce",
                    "merge_withRacersOnBoth_isAdded"),
            flaw(
                    "drain reads and then deletes, under a local lock",
                    b -> b.drain = namespace -> {
                        synchronized (b) {
                            Map<String, Long> taken = b.good.getAll(namespace);
                            Flaw.pause();
                            b.good.deleteNamespace(namespace);
                            return taken;
                        }
                    },
                    "drain_withAdditionsOfTheOther_takesEachOnce",
                    "drain_withTakesOfTheOther_takesEachOnce"),
            flaw(
                    "merge sets a counter unknown here",
                    b -> {
                        Set<String> counted = ConcurrentHashMap.newKeySet();
                        b.merge = (namespace, key, value) -> {
                            if (counted.add(key)) {
                                b.good.set(namespace, key, value);
                            } else {
                                b.good.merge(namespace, key, value);
                            }
                        };
                    },
                    "merge_intoWhatOthersCount_isAdded"),
            flaw(
                    "merge reads and then sets, under a local lock",
                    b -> b.merge = (namespace, key, value) -> {
                        synchronized (b) {
                            long before = b.good.get(namespace, key).orElse(0);
                            Flaw.pause();
                            if (before > Long.MAX_VALUE - value) {
                                throw new CounterOverflowException(namespace, key, before + " + " + value, 0);
                            }
                            b.good.set(namespace, key, before + value);
                        }
                    },
                    "merge_withRacersOnBoth_isAdded",
                    "merge_ofRacersOnBothAtTheHighest_stopsThere"),
            flaw(
                    "merge adds in two steps",
                    b -> b.merge = (namespace, key, value) -> {
                        b.good.add(namespace, key, value / 2);
                        b.good.add(namespace, key, value - value / 2);
                    },
                    "merge_outOfRange_isRejected"),
            flaw(
                    "a stopped backend removes its values",
                    b -> b.close = () -> b.good.info().namespaces().keySet().forEach(b.good::deleteNamespace),
                    "values_ofAStoppedBackend_remainShared",
                    "add_whileOthersStartAndStop_isSummed"),
            flaw(
                    "info has namespaces created here only",
                    b -> {
                        Set<String> made = ConcurrentHashMap.newKeySet();
                        b.set = (namespace, key, value) -> {
                            made.add(namespace);
                            return b.good.set(namespace, key, value);
                        };
                        b.inc = (namespace, key, step, initial) -> {
                            made.add(namespace);
                            return b.good.inc(namespace, key, step, initial);
                        };
                        b.info = () -> renamed(b.good.info(), namespace -> made.contains(namespace) ? namespace : null);
                    },
                    "info_ofALaterBackend_hasNamespacesOfOthers"),
            buffering(
                    "flush sends nothing",
                    store -> new BufferingMapBackend(store) {
                        @Override
                        public void flush(String namespace) {
                            // later
                        }
                    },
                    "flush_ofAdditions_makesThemVisible",
                    "flush_withRacingCallers_makesAdditionsVisible",
                    "add_ofRacersOnBoth_isSummed"),
            buffering(
                    "flush sends additions again",
                    store -> new BufferingMapBackend(store) {
                        @Override
                        public synchronized void flush(String namespace) {
                            Map<String, Long> sums = new HashMap<>(unsent.getOrDefault(namespace, Map.of()));
                            sent(namespace);
                            unsent.put(namespace, sums);
                        }
                    },
                    "flush_ofAdditions_makesThemVisible"),
            buffering(
                    "flush relies on another one in progress",
                    store -> new BufferingMapBackend(store) {
                        private final AtomicBoolean sending = new AtomicBoolean();

                        @Override
                        public void flush(String namespace) {
                            if (!sending.getAndSet(true)) {
                                sent(namespace);
                                LockSupport.parkNanos(100_000);
                                sending.set(false);
                            }
                        }
                    },
                    "flush_withRacingCallers_makesAdditionsVisible"),
            buffering(
                    "additions made during a send are discarded with it",
                    store -> new BufferingMapBackend(store) {
                        @Override
                        public void flush(String namespace) {
                            Map<String, Long> sums;
                            synchronized (this) {
                                sums = new HashMap<>(unsent.getOrDefault(namespace, Map.of()));
                            }
                            sums.forEach((key, sum) -> store.add(namespace, key, sum));
                            LockSupport.parkNanos(1);
                            synchronized (this) {
                                unsent.remove(namespace);
                            }
                        }
                    },
                    "add_ofRacersOnBoth_isSummed"),
            buffering(
                    "additions not sent before stopping are lost",
                    store -> new BufferingMapBackend(store) {
                        @Override
                        public synchronized void close() {
                            // discarded
                        }
                    },
                    "values_ofAStoppedBackend_remainShared",
                    "add_whileOthersStartAndStop_isSummed"));

    private SharingFlaws() {}

    private static SharingFlaw flaw(String name, Consumer<ModifiedBackend> tampering, String... caughtBy) {
        Factory backends = store -> {
            ModifiedBackend tampered = new ModifiedBackend(store);
            tampering.accept(tampered);
            return tampered;
        };
        return new SharingFlaw(name, backends, true, List.of(caughtBy));
    }

    private static SharingFlaw buffering(String name, Factory backends, String... caughtBy) {
        return new SharingFlaw(name, backends, false, List.of(caughtBy));
    }

    /** Returns a description with other names of namespaces; those without one are omitted. */
    private static BackendInfo renamed(BackendInfo info, UnaryOperator<String> names) {
        Map<String, Long> sizes = new HashMap<>();
        info.namespaces().forEach((namespace, size) -> sizes.put(names.apply(namespace), size));
        sizes.remove(null);
        return BackendInfo.of(info.type(), info.name(), sizes);
    }
}
