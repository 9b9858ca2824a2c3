package org.counterex.tck;

import java.util.List;
import java.util.OptionalLong;
import org.counterex.api.CasResult;

/** Faults in operations on one counter. */
final class OperationFlaws {

    static final List<Flaw> ALL = List.of(
            Flaw.of(
                    "get creates",
                    b -> b.get = (namespace, key) -> {
                        b.good.add(namespace, key, 0);
                        return b.good.get(namespace, key);
                    },
                    "get_ofAnAbsentCounter_isEmptyAndCreatesNothing"),
            Flaw.of(
                    "inc ignores the initial value",
                    b -> b.inc = (namespace, key, step, initial) -> b.good.inc(namespace, key, step, 0),
                    "inc_ofAnAbsentCounter_startsFromTheInitialValue"),
            Flaw.of(
                    "inc applies the initial value always",
                    b -> b.inc = (namespace, key, step, initial) -> b.good.inc(namespace, key, step + initial, 0),
                    "inc_ofAPresentCounter_ignoresTheInitialValue"),
            Flaw.of(
                    "inc applies the initial value at zero",
                    b -> b.inc = (namespace, key, step, initial) -> b.good.inc(
                            namespace, key, b.good.get(namespace, key).orElse(1) == 0 ? step + initial : step, initial),
                    "inc_ofACounterAtZero_ignoresTheInitialValue",
                    "inc_ofRacingWritersAroundZero_doesNotApplyTheInitialValue"),
            Flaw.of(
                    "inc replaces a step of 0 by 1",
                    b -> b.inc = (namespace, key, step, initial) ->
                            b.good.inc(namespace, key, step == 0 ? 1 : step, initial),
                    "inc_byZero_returnsTheValue"),
            Flaw.of(
                    "inc by zero only reads",
                    b -> b.inc = (namespace, key, step, initial) -> step == 0
                            ? b.good.get(namespace, key).orElse(initial)
                            : b.good.inc(namespace, key, step, initial),
                    "inc_ofAnAbsentCounterByZero_createsIt",
                    "add_ofZeroToAnAbsentCounter_createsIt",
                    "calls_inAnyOrder_equalTheModel"),
            Flaw.of(
                    "inc counts up only",
                    b -> b.inc = (namespace, key, step, initial) -> b.good.inc(namespace, key, Math.abs(step), initial),
                    "inc_byANegativeStep_countsDown"),
            Flaw.of(
                    "inc stops at zero",
                    b -> b.inc = (namespace, key, step, initial) -> {
                        long value = b.good.inc(namespace, key, step, initial);
                        return value < 0 ? b.good.set(namespace, key, 0) : value;
                    },
                    "inc_belowZero_isExact"),
            Flaw.of(
                    "add does not create",
                    b -> b.add = (namespace, key, step) -> {
                        if (b.good.get(namespace, key).isPresent()) {
                            b.good.add(namespace, key, step);
                        }
                    },
                    "add_ofAnyCounter_addsLikeInc"),
            Flaw.of(
                    "set to zero deletes",
                    b -> b.set = (namespace, key, value) -> {
                        b.good.set(namespace, key, value);
                        if (value == 0) {
                            b.good.delete(namespace, key);
                        }
                        return value;
                    },
                    "set_ofAnAbsentCounter_createsIt",
                    "info_ofNamespaces_countsTheirCounters"),
            Flaw.of(
                    "set adds",
                    b -> b.set = (namespace, key, value) -> b.good.inc(namespace, key, value, 0),
                    "set_ofAPresentCounter_replacesItsValue"),
            Flaw.of(
                    "reset requires the counter",
                    b -> b.reset = (namespace, key, initial) ->
                            b.good.get(namespace, key).isPresent() ? b.good.reset(namespace, key, initial) : initial,
                    "reset_ofAnAbsentCounter_createsIt"),
            Flaw.of(
                    "reset deletes",
                    b -> b.reset = (namespace, key, initial) -> {
                        b.good.delete(namespace, key);
                        return initial;
                    },
                    "reset_ofAPresentCounter_replacesItsValue"),
            Flaw.of(
                    "delete sets to zero",
                    b -> b.delete = (namespace, key) -> b.good.set(namespace, key, 0),
                    "delete_ofAnAbsentCounter_succeeds",
                    "delete_ofAPresentCounter_removesItWithItsValue"),
            Flaw.of(
                    "delete removes other counters",
                    b -> b.delete = (namespace, key) -> b.good.deleteNamespace(namespace),
                    "delete_ofOneCounter_leavesTheOthers"),
            Flaw.of(
                    "take sets the counter to 0",
                    b -> b.take = (namespace, key) -> {
                        OptionalLong taken = b.good.take(namespace, key);
                        taken.ifPresent(value -> b.good.set(namespace, key, 0));
                        return taken;
                    },
                    "take_ofAPresentCounter_removesItWithItsValue"),
            Flaw.of(
                    "take returns 0 for an absent counter",
                    b -> b.take = (namespace, key) ->
                            OptionalLong.of(b.good.take(namespace, key).orElse(0)),
                    "take_ofAnAbsentCounter_isEmpty"),
            Flaw.of(
                    "merge sets",
                    b -> b.merge = (namespace, key, value) -> b.good.set(namespace, key, value),
                    "merge_ofAnyCounter_addsLikeInc"),
            Flaw.of(
                    "compareAndSwap returns the old value",
                    b -> b.compareAndSwap = (namespace, key, expected, newValue) -> new CasResult(
                            b.good.compareAndSwap(namespace, key, expected, newValue)
                                    .swapped(),
                            expected),
                    "compareAndSwap_ofTheExpectedValue_swaps"),
            Flaw.of(
                    "compareAndSwap does not compare",
                    b -> b.compareAndSwap = (namespace, key, expected, newValue) ->
                            new CasResult(true, b.good.set(namespace, key, newValue)),
                    "compareAndSwap_ofAnotherValue_returnsIt"),
            Flaw.of(
                    "compareAndSwap requires the counter",
                    b -> b.compareAndSwap = (namespace, key, expected, newValue) ->
                            b.good.get(namespace, key).isPresent()
                                    ? b.good.compareAndSwap(namespace, key, expected, newValue)
                                    : new CasResult(false, 0),
                    "compareAndSwap_ofAnAbsentCounterExpectingZero_createsIt"),
            Flaw.of(
                    "compareAndSwap creates a counter when it fails",
                    b -> b.compareAndSwap = (namespace, key, expected, newValue) -> {
                        b.good.add(namespace, key, 0);
                        return b.good.compareAndSwap(namespace, key, expected, newValue);
                    },
                    "compareAndSwap_ofAnAbsentCounterExpectingAnother_createsNothing"));

    private OperationFlaws() {}
}
