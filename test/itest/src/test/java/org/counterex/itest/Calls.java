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
 * The calls of one thread on one {@link Counters} service, each of them entered in the ledger once it has returned.
 *
 * <p>Namespaces: {@code numbers} is only incremented by 1, so that what is returned tells whether it was exact; {@code sums}
 * and {@code default} take steps of any size; {@code drained} is emptied now and then; {@code quiet} is read alone.
 */
final class Calls {

    /** What is in the namespace {@code quiet} all the time. The sum is wider than 64 bits. */
    static final Map<String, Long> QUIET =
            Map.of("zero", 0L, "one", 1L, "below", -3L, "high", Long.MAX_VALUE - 7, "higher", Long.MAX_VALUE - 5);

    private static final int KEYS = 8;
    private static final int SELDOM = 256;

    private final Counters counters;
    private final CounterNamespace quiet;
    private final CounterNamespace drained;
    private final Random random;
    private final boolean additionsOnly;
    private final Ledger ledger;
    private final Book numbers;
    private final Book sums;
    private final Book defaults;

    /** A namespace with a handle, and a page of the ledger, for each key. */
    private record Book(CounterNamespace namespace, String[] keys, Counter[] handles, long[][] sums, BitSet[] numbers) {

        static Book of(CounterNamespace namespace, Ledger ledger, boolean numbered) {
            Book book = new Book(namespace, new String[KEYS], new Counter[KEYS], new long[KEYS][], new BitSet[KEYS]);
            for (int k = 0; k < KEYS; k++) {
                book.keys[k] = "k" + k;
                book.handles[k] = namespace.counter(book.keys[k]);
                book.sums[k] = ledger.sum(namespace.name(), book.keys[k]);
                book.numbers[k] = numbered ? ledger.numbers(namespace.name(), book.keys[k]) : null;
            }
            return book;
        }
    }

    /** @param additionsOnly whether nothing is asked for that a backend would have to answer */
    Calls(Counters counters, Random random, boolean additionsOnly, Ledger ledger) {
        this.counters = counters;
        this.random = random;
        this.additionsOnly = additionsOnly;
        this.ledger = ledger;
        quiet = counters.namespace("quiet");
        drained = counters.namespace("drained");
        numbers = Book.of(counters.namespace("numbers"), ledger, true);
        sums = Book.of(counters.namespace("sums"), ledger, false);
        defaults = Book.of(counters, ledger, false);
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
                switch (random.nextInt(SELDOM)) {
                    case 0 -> drain();
                    case 1 -> lookAtQuiet();
                    default -> ledger.sum("drained", "k" + k)[0] += counted(step(), step -> drained.inc("k" + k, step));
                }
            }
        }
    }

    private void number(int k, long number) {
        numbers.sums[k][0]++;
        if (number > 0 && number < Integer.MAX_VALUE) {
            numbers.numbers[k].set((int) number);
        } // otherwise it is found missing
    }

    /** Mostly a small number; now and then one that does not fit 32 bits. */
    private long step() {
        int step = random.nextInt(2_000) - 500;
        return random.nextInt(16) == 0 ? (long) step << 24 : step;
    }

    private interface Adding {
        void add(long step);
    }

    /** Adds, and returns what was added: it is entered in the ledger only if the call has returned. */
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

    private void lookAtQuiet() {
        Map<String, Long> seen = new HashMap<>(quiet.getAll());
        if (!seen.equals(QUIET)) {
            ledger.problem("quiet read " + seen);
        }
    }
}
