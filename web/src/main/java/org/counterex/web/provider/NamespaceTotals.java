package org.counterex.web.provider;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.counterex.api.CounterException;

/**
 * The sum of each namespace, and how fast it grows. To add up a namespace is to read all its counters; so that this disturbs nobody,
 * it takes at most a tenth of the time: five hundredths for the namespaces that are quick to read and as much for the
 * others, so that these do not keep those waiting. Who has not been read for longest is next.
 *
 * <p><b>Threads.</b> One updates; any may look.
 */
final class NamespaceTotals {

    private static final long QUICK_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int SHARE = 20;
    /** A rate over less than this says little. */
    private static final long SHORTEST_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final RegistryServices registry;
    private final Map<String, Sample> samples = new ConcurrentHashMap<>();
    private final Budget quick = new Budget();
    private final Budget slow = new Budget();

    NamespaceTotals(RegistryServices registry) {
        this.registry = registry;
    }

    /**
     * What a namespace held at a time.
     *
     * @param total the sum of its counters
     * @param rate growth per second since the sample before, not a number if there was none
     * @param nanos when
     * @param cost how long it took
     */
    record Sample(BigInteger total, double rate, long nanos, long cost) {}

    /** The last sample of a namespace; null if there is none. */
    Sample of(String namespace) {
        return samples.get(namespace);
    }

    /** Reads those that are due, as far as time allows, and forgets those that are no more. */
    void update(List<String> namespaces, long now) {
        samples.keySet().retainAll(Set.copyOf(namespaces));
        quick.refill(now);
        slow.refill(now);
        List<String> due = new ArrayList<>(namespaces);
        due.sort(Comparator.comparingLong(namespace -> {
            Sample last = samples.get(namespace);
            return last == null ? Long.MIN_VALUE : last.nanos() - now;
        }));
        for (String namespace : due) {
            Sample last = samples.get(namespace);
            Budget budget = last == null || last.cost() < QUICK_NS ? quick : slow;
            if (budget.hasTime() && (last == null || now - last.nanos() >= SHORTEST_NS)) {
                Sample next = read(namespace, last);
                (next.cost() < QUICK_NS ? quick : slow).spend(next.cost());
                samples.put(namespace, next);
            }
        }
    }

    private Sample read(String namespace, Sample last) {
        long begin = System.nanoTime();
        try {
            BigInteger total = sum(registry.namespace(namespace).getAll().values());
            long end = System.nanoTime();
            double rate = last == null || last.total() == null ? Double.NaN : rate(total, last, begin);
            return new Sample(total, rate, begin, end - begin);
        } catch (CounterException | HttpError e) {
            // it cannot be read now
            return new Sample(null, Double.NaN, begin, System.nanoTime() - begin);
        }
    }

    private static double rate(BigInteger total, Sample last, long now) {
        double growth = total.subtract(last.total()).doubleValue();
        return Math.round(growth * 1e10 / (now - last.nanos())) / 10.0;
    }

    /** Longs add up to more than a long, but seldom. */
    private static BigInteger sum(Iterable<Long> values) {
        BigInteger sum = BigInteger.ZERO;
        long part = 0;
        for (long value : values) {
            long more = part + value;
            if (((part ^ more) & (value ^ more)) < 0) {
                sum = sum.add(BigInteger.valueOf(part));
                more = value;
            }
            part = more;
        }
        return sum.add(BigInteger.valueOf(part));
    }

    /** A share of the time that goes by. What is spent too much is paid back before anything is spent again. */
    private static final class Budget {

        private static final long FULL_NS = TimeUnit.SECONDS.toNanos(1) / SHARE;

        private long time = FULL_NS;
        private long filled = System.nanoTime();

        void refill(long now) {
            time = Math.min(FULL_NS, time + (now - filled) / SHARE);
            filled = now;
        }

        boolean hasTime() {
            return time > 0;
        }

        void spend(long nanos) {
            time -= nanos;
        }
    }
}
