package org.counterex.itest;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.counterex.api.CasResult;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;

/**
 * Random calls of one thread on one {@link Counters} service, each recorded in the ledger after it has returned.
 *
 * <p>Namespaces: {@code numbers} is only incremented by 1, so that results can be checked for exactness; {@code sums}
 * and {@code default} take steps of any size; {@code drained} is drained occasionally; {@code quiet} is only read.
 */
final class Calls {

    /** The constant content of the namespace {@code quiet}. The sum is wider than 64 bits. */
    static final Map<String, Long> QUIET =
            Map.of("zero", 0L, "one", 1L, "below", -3L, "high", Long.MAX_VALUE - 7, "higher", Long.MAX_VALUE - 5);

    private static final int KEYS = 8;
    private static final int BULK_PERIOD = 256;

    private final Counters counters;
    private final CounterNamespace quiet;
    private final CounterNamespace drained;
    private final Random random;
    private final boolean additionsOnly;
    private final Ledger ledger;
    private final Target numbers;
    private final Target sums;
    private final Target defaults;

    /** A namespace with the handle and the ledger entries of each key. */
    private record Target(
            CounterNamespace namespace, String[] keys, Counter[] handles, long[][] sums, BitSet[] numbers) {

        static Target of(CounterNamespace namespace, Ledger ledger, boolean numbered) {
            Target target =
                    new Target(namespace, new String[KEYS], new Counter[KEYS], new long[KEYS][], new BitSet[KEYS]);
            for (int k = 0; k < KEYS; k++) {
                target.keys[k] = "k" + k;
                target.handles[k] = namespace.counter(target.keys[k]);
                target.sums[k] = ledger.sum(namespace.name(), target.keys[k]);
                target.numbers[k] = numbered ? ledger.numbers(namespace.name(), target.keys[k]) : null;
            }
            return target;
        }
    }

    /** @param additionsOnly whether to make only calls that succeed while a retaining backend is detached */
    Calls(Counters counters, Random random, boolean additionsOnly, Ledger ledger) {
        this.counters = counters;
        this.random = random;
        this.additionsOnly = additionsOnly;
        this.ledger = ledger;
        quiet = counters.namespace("quiet");
        drained = counters.namespace("drained");
        numbers = Target.of(counters.namespace("numbers"), ledger, true);
        sums = Target.of(counters.namespace("sums"), ledger, false);
        defaults = Target.of(counters, ledger, false);
    }

    /** Makes one call. */
    void next() {
        int k = random.nextInt(KEYS);
        if (additionsOnly) {
            if (random.nextBoolean()) {
                sums.sums[k][0] += counted(step(), step -> sums.namespace.add(sums.keys[k], step));
            } else {
                defaults.sums[k][0] += counted(step(), defaults.handles[k]::add);
            }
            return;
        }
        switch (random.nextInt(8)) {
            case 0 -> number(k, numbers.handles[k].inc());
            case 1 -> number(k, numbers.namespace.inc(numbers.keys[k]));
            case 2 -> sums.sums[k][0] += counted(step(), step -> sums.handles[k].inc(step));
            case 3 -> sums.sums[k][0] += counted(step(), step -> sums.namespace.add(sums.keys[k], step));
            case 4 -> sums.sums[k][0] += counted(step(), step -> addBySwap(sums.handles[k], step));
            case 5 -> defaults.sums[k][0] += counted(step(), step -> counters.inc(defaults.keys[k], step));
            case 6 -> defaults.sums[k][0] += counted(step(), defaults.handles[k]::add);
            default -> {
                switch (random.nextInt(BULK_PERIOD)) {
                    case 0 -> drain();
                    case 1 -> checkQuiet();
                    default -> ledger.sum("drained", "k" + k)[0] += counted(step(), step -> drained.inc("k" + k, step));
                }
            }
        }
    }

    private void number(int k, long number) {
        numbers.sums[k][0]++;
        if (number > 0 && number < Integer.MAX_VALUE) {
            numbers.numbers[k].set((int) number);
        } // otherwise it is reported as missing
    }

    /** Returns a random step: mostly small, occasionally wider than 32 bits. */
    private long step() {
        int step = random.nextInt(2_000) - 500;
        return random.nextInt(16) == 0 ? (long) step << 24 : step;
    }

    private interface Adding {
        void add(long step);
    }

    /** Adds and returns the step: it enters the ledger only if the call has returned. */
    private static long counted(long step, Adding call) {
        call.add(step);
        return step;
    }

    private static void addBySwap(Counter counter, long step) {
        long expected = counter.get().orElse(0);
        CasResult result = counter.compareAndSwap(expected, expected + step);
        while (!result.swapped()) {
            expected = result.value();
            result = counter.compareAndSwap(expected, expected + step);
        }
    }

    private void drain() {
        drained.drain().forEach((key, value) -> ledger.sum("drained", key)[0] -= value);
    }

    private void checkQuiet() {
        Map<String, Long> seen = new HashMap<>(quiet.getAll());
        if (!seen.equals(QUIET)) {
            ledger.problem("wrong content: namespace=quiet actual=" + seen);
        }
    }
}
