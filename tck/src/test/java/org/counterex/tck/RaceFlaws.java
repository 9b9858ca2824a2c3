package org.counterex.tck;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.CasResult;
import org.counterex.api.CounterOverflowException;

/** Faults that only concurrent calls reveal. */
final class RaceFlaws {

    static final List<Flaw> ALL = List.of(
            Flaw.of(
                    "inc reads and then writes",
                    b -> b.inc = (namespace, key, step, initial) -> {
                        long before = b.good.get(namespace, key).orElse(initial);
                        Flaw.pause();
                        return b.good.set(namespace, key, before + step);
                    },
                    "inc_ofRacingWriters_countsEachAddition",
                    "inc_ofRacingWritersOnManyCounters_countsEachAddition",
                    "inc_ofRacingWritersOnANewCounter_returnsOneToN",
                    "inc_ofRacingCreators_appliesOneInitialValue",
                    "set_withRacingWriters_isNotUndone",
                    "delete_withRacingWriters_endsTheCounter",
                    "deleteNamespace_withRacingWriters_endsTheCounter",
                    "calls_ofEveryKind_areTotallyOrdered"),
            Flaw.of(
                    "inc creates and then adds",
                    b -> b.inc = (namespace, key, step, initial) -> {
                        if (b.good.get(namespace, key).isEmpty()) {
                            Flaw.pause();
                            b.good.inc(namespace, key, initial, 0);
                        }
                        return b.good.inc(namespace, key, step, 0);
                    },
                    "inc_ofRacingCreators_appliesOneInitialValue",
                    "calls_ofEveryKind_areTotallyOrdered"),
            Flaw.of(
                    "inc checks the limit and then adds",
                    b -> b.inc = (namespace, key, step, initial) -> {
                        long before = b.good.get(namespace, key).orElse(initial);
                        if (before == (step > 0 ? Long.MAX_VALUE : -Long.MAX_VALUE)) {
                            throw new CounterOverflowException(namespace, key, "a step of " + step, 0);
                        }
                        Flaw.pause();
                        return added(b, namespace, key, step);
                    },
                    "inc_ofRacingWritersAtTheHighest_stopsThere",
                    "inc_ofRacingWritersAtTheLowest_stopsThere"),
            Flaw.of(
                    "deleteNamespace rewrites all others",
                    b -> b.deleteNamespace = namespace -> {
                        for (String other : b.good.info().namespaces().keySet()) {
                            if (!other.equals(namespace)) {
                                Map<String, Long> kept = b.good.getAll(other);
                                Flaw.pause();
                                kept.forEach((key, value) -> b.good.set(other, key, value));
                            }
                        }
                        b.good.deleteNamespace(namespace);
                    },
                    "inc_whileOtherNamespacesChange_countsEachAddition"),
            Flaw.of(
                    "compareAndSwap reads and then writes",
                    b -> b.compareAndSwap = (namespace, key, expected, newValue) -> {
                        long found = b.good.get(namespace, key).orElse(0);
                        Flaw.pause();
                        return found == expected
                                ? new CasResult(true, b.good.set(namespace, key, newValue))
                                : new CasResult(false, found);
                    },
                    "compareAndSwap_ofRacingWriters_addsLikeInc",
                    "compareAndSwap_ofRacingCreators_createsOnce",
                    "compareAndSwap_withRacingWriters_replacesWhatItFound",
                    "calls_ofEveryKind_areTotallyOrdered"),
            Flaw.of(
                    "compareAndSwap creates, and deletes when it fails",
                    b -> b.compareAndSwap = (namespace, key, expected, newValue) -> {
                        boolean absent = b.good.get(namespace, key).isEmpty();
                        b.good.add(namespace, key, 0);
                        Flaw.pause();
                        CasResult result = b.good.compareAndSwap(namespace, key, expected, newValue);
                        if (absent && !result.swapped()) {
                            b.good.delete(namespace, key);
                        }
                        return result;
                    },
                    "compareAndSwap_thatFailsOnAPassingCounter_createsNothing"),
            Flaw.of(
                    "set and reset delete and then add",
                    b -> {
                        b.set = (namespace, key, value) -> {
                            b.good.delete(namespace, key);
                            Flaw.pause();
                            b.good.inc(namespace, key, value, 0);
                            return value;
                        };
                        b.reset = b.set;
                    },
                    "set_withRacingWriters_fallsBetweenAdditions",
                    "reset_withRacingWriters_fallsBetweenAdditions",
                    "calls_ofEveryKind_areTotallyOrdered"),
            Flaw.of(
                    "drain reads and then deletes",
                    b -> b.drain = namespace -> {
                        Map<String, Long> taken = b.good.getAll(namespace);
                        Flaw.pause();
                        b.good.deleteNamespace(namespace);
                        return taken;
                    },
                    "drain_withRacingWriters_takesEachAdditionOnce",
                    "drain_withRacingCreators_takesEachValueOnce",
                    "drain_withRacingWriters_returnsTheFinalValue",
                    "calls_ofEveryKind_areTotallyOrdered"),
            Flaw.of(
                    "take reads and then deletes",
                    b -> b.take = (namespace, key) -> {
                        OptionalLong taken = b.good.get(namespace, key);
                        Flaw.pause();
                        b.good.delete(namespace, key);
                        return taken;
                    },
                    "take_withRacingWriters_returnsTheFinalValue",
                    "calls_ofEveryKind_areTotallyOrdered"),
            Flaw.of(
                    "get and getAll return an earlier state",
                    b -> {
                        AtomicLong last = new AtomicLong();
                        b.get = (namespace, key) -> {
                            long read = b.good.get(namespace, key).orElse(0);
                            return OptionalLong.of(last.getAndSet(read));
                        };
                        b.getAll = namespace -> {
                            Map<String, Long> all = b.good.getAll(namespace);
                            all.replaceAll((key, value) -> last.getAndSet(value));
                            return all;
                        };
                    },
                    "get_withRacingWriters_isBetweenAcknowledgedAndBegun"),
            Flaw.of(
                    "getAll iterates over positions",
                    b -> b.getAll = namespace -> {
                        Map<String, Long> all = new HashMap<>();
                        for (int position = 0; ; position++) {
                            Map<String, Long> present = b.good.getAll(namespace);
                            if (position >= present.size()) {
                                return all;
                            }
                            String key = new TreeSet<>(present.keySet())
                                    .stream().skip(position).findFirst().orElseThrow();
                            all.put(key, present.get(key));
                            Flaw.pause();
                        }
                    },
                    "getAll_whileOthersChange_returnsWhatIsPresent"));

    private RaceFlaws() {}

    /** Adds, and wraps around at the limits. */
    private static long added(ModifiedBackend b, String namespace, String key, long step) {
        for (; ; ) {
            long before = b.good.get(namespace, key).orElse(0);
            if (b.good.compareAndSwap(namespace, key, before, before + step).swapped()) {
                return before + step;
            }
        }
    }
}
