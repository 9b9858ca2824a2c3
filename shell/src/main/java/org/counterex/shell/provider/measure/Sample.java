package org.counterex.shell.provider.measure;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;

/**
 * Values of the counters of a namespace at one moment. Rates are computed between two samples.
 *
 * @param nanos time of the sample by {@link System#nanoTime}
 */
public record Sample(Map<String, Long> values, BigInteger sum, long nanos) {

    public static Sample of(Map<String, Long> values) {
        BigInteger sum = values.values().stream().map(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
        return new Sample(values, sum, System.nanoTime());
    }

    /** Returns the growth of a counter per second since an earlier sample; an absent counter has the value 0. */
    public BigDecimal rate(String key, Sample before) {
        BigInteger growth = BigInteger.valueOf(values.getOrDefault(key, 0L))
                .subtract(BigInteger.valueOf(before.values.getOrDefault(key, 0L)));
        return perSecond(growth, before);
    }

    /** Returns the growth of the sum of all counters per second since an earlier sample. */
    public BigDecimal rate(Sample before) {
        return perSecond(sum.subtract(before.sum), before);
    }

    private BigDecimal perSecond(BigInteger growth, Sample before) {
        long elapsed = Math.max(1, nanos - before.nanos);
        return new BigDecimal(growth).movePointRight(9).divide(BigDecimal.valueOf(elapsed), 1, RoundingMode.HALF_EVEN);
    }
}
