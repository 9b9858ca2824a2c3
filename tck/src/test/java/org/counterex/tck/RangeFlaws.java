package org.counterex.tck;

import java.util.List;
import org.counterex.api.CasResult;
import org.counterex.api.CounterOverflowException;

/** Faults at the limits of a counter. */
final class RangeFlaws {

    static final List<Flaw> ALL = List.of(
            Flaw.of(
                    "values are floating-point numbers",
                    b -> b.set = (namespace, key, value) -> b.good.set(namespace, key, (long) (double) value),
                    "set_ofAnyValue_isReadBack"),
            Flaw.of(
                    "sums are floating-point numbers",
                    b -> b.inc = (namespace, key, step, initial) -> b.good.set(
                            namespace, key, (long) (b.good.get(namespace, key).orElse(initial) + (double) step)),
                    "inc_byAnyStep_isExact",
                    "inc_bySmallSteps_isExactEverywhere"),
            Flaw.of(
                    "comparisons are of floating-point numbers",
                    b -> b.compareAndSwap = (namespace, key, expected, newValue) -> {
                        long found = b.good.get(namespace, key).orElse(0);
                        return (double) found == (double) expected
                                ? new CasResult(true, b.good.set(namespace, key, newValue))
                                : new CasResult(false, found);
                    },
                    "compareAndSwap_ofAnyValue_isExact"),
            Flaw.of(
                    "sums wrap around",
                    b -> b.inc = (namespace, key, step, initial) -> b.good.set(
                            namespace, key, b.good.get(namespace, key).orElse(initial) + step),
                    "inc_aboveTheHighest_isRefused",
                    "inc_belowTheLowest_isRefused",
                    "inc_ofAnAbsentCounterOutOfRange_createsNothing"),
            Flaw.of(
                    "sums saturate at the limits",
                    b -> b.inc = (namespace, key, step, initial) -> {
                        try {
                            return b.good.inc(namespace, key, step, initial);
                        } catch (CounterOverflowException e) {
                            return b.good.set(namespace, key, step < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE);
                        }
                    },
                    "inc_aboveTheHighest_isRefused",
                    "inc_belowTheLowest_isRefused"),
            Flaw.of(
                    "the reserved number is a value",
                    b -> b.inc = (namespace, key, step, initial) -> {
                        long before = b.good.get(namespace, key).orElse(initial);
                        return before + step == Long.MIN_VALUE
                                ? b.good.set(namespace, key, Long.MIN_VALUE)
                                : b.good.inc(namespace, key, step, initial);
                    },
                    "inc_belowTheLowest_isRefused"),
            Flaw.of(
                    "a rejected result remains in the counter",
                    b -> b.inc = (namespace, key, step, initial) -> {
                        long sum = b.good.get(namespace, key).orElse(initial) + step;
                        try {
                            return b.good.inc(namespace, key, step, initial);
                        } catch (CounterOverflowException e) {
                            b.good.set(namespace, key, sum);
                            throw e;
                        }
                    },
                    "inc_aboveTheHighest_isRefused",
                    "inc_afterARejection_isExact",
                    "inc_ofAnAbsentCounterOutOfRange_createsNothing"),
            Flaw.of(
                    "a counter is created before the step is applied",
                    b -> b.inc = (namespace, key, step, initial) -> {
                        b.good.inc(namespace, key, 0, initial);
                        return b.good.inc(namespace, key, step, 0);
                    },
                    "inc_ofAnAbsentCounterOutOfRange_createsNothing"),
            Flaw.ofBounded(
                    "only steps are checked against the lowest value",
                    () -> new BoundedMapBackend(BoundFlaws.CAPACITY, -Long.MAX_VALUE),
                    b -> b.inc = (namespace, key, step, initial) -> {
                        if (b.good.get(namespace, key).orElse(initial) < -step) {
                            throw new CounterOverflowException(namespace, key, "a step of " + step, 0);
                        }
                        return b.good.inc(namespace, key, step, initial);
                    },
                    "set_belowTheLowest_isRefused",
                    "creation_belowTheLowest_isRefused"),
            Flaw.ofBounded(
                    "an initial value is not checked",
                    () -> new BoundedMapBackend(BoundFlaws.CAPACITY, -Long.MAX_VALUE),
                    b -> {
                        b.inc = (namespace, key, step, initial) -> {
                            long before = b.good.get(namespace, key).orElse(initial);
                            return b.good.inc(
                                    namespace, key, step < 0 ? within(key, before + step) - before : step, initial);
                        };
                        b.set = (namespace, key, value) -> b.good.set(namespace, key, within(key, value));
                        b.reset = (namespace, key, value) -> b.good.reset(namespace, key, within(key, value));
                        b.compareAndSwap = (namespace, key, expected, newValue) ->
                                b.good.compareAndSwap(namespace, key, expected, within(key, newValue));
                    },
                    "creation_belowTheLowest_isRefused"));

    private RangeFlaws() {}

    private static long within(String key, long value) {
        if (value < 0) {
            throw new CounterOverflowException(BackendSuite.NAMESPACE, key, Long.toString(value), 0);
        }
        return value;
    }
}
