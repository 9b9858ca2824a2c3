package org.counterex.web.provider.live;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.counterex.api.CounterException;
import org.counterex.api.admin.NamespaceDTO;
import org.counterex.support.json.JsonWriter;
import org.counterex.web.provider.http.HttpError;
import org.counterex.web.provider.json.JsonMapper;

/**
 * The sum of the counters of each namespace, and its growth rate. Computing a sum reads all counters of the namespace,
 * so the time spent is limited to a tenth: 5% for namespaces that are read quickly and 5% for all others, so that slow
 * namespaces do not delay quick ones. The namespace whose sample is oldest is read first.
 *
 * <p><b>Threads.</b> One thread updates; any thread may read.
 */
public final class NamespaceTotals {

    private static final long QUICK_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int SHARE = 20;
    /** Minimum interval of samples; rates over shorter intervals are too imprecise. */
    private static final long MIN_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final RegistryServices registry;
    private final Map<String, Sample> samples = new ConcurrentHashMap<>();
    private final Budget quick = new Budget();
    private final Budget slow = new Budget();

    NamespaceTotals(RegistryServices registry) {
        this.registry = registry;
    }

    /**
     * State of a namespace at one time.
     *
     * @param total the sum of its counters; null if the namespace could not be read
     * @param rate growth per second since the previous sample; NaN if there was none
     * @param nanos time of the sample
     * @param cost how long reading took, in nanoseconds
     */
    record Sample(BigInteger total, double rate, long nanos, long cost) {}

    /** Returns the JSON form of a namespace, with the total and rate of its last sample. */
    public JsonWriter.Part describe(NamespaceDTO namespace) {
        Sample sample = samples.get(namespace.namespace);
        return sample == null
                ? JsonMapper.namespace(namespace, null, Double.NaN)
                : JsonMapper.namespace(namespace, sample.total(), sample.rate());
    }

    /**
     * Reads the namespaces that are due, as far as the budget allows, and removes the samples of all others than the
     * given.
     */
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
            if (budget.hasTime() && (last == null || now - last.nanos() >= MIN_INTERVAL_NS)) {
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
            // the namespace cannot be read at present
            return new Sample(null, Double.NaN, begin, System.nanoTime() - begin);
        }
    }

    private static double rate(BigInteger total, Sample last, long now) {
        double growth = total.subtract(last.total()).doubleValue();
        return Math.round(growth * 1e10 / (now - last.nanos())) / 10.0;
    }

    /** Adds exactly; {@code BigInteger} arithmetic is used only when a partial sum overflows. */
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

    /** Time budget that refills at a fixed share of elapsed time; overspending delays the next spending. */
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
