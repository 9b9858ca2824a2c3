package org.counterex.shell.provider.measure;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;

/**
 * The counters of a namespace at one moment, for rates between two of them.
 *
 * @param nanos the moment, as {@link System#nanoTime} tells it
 */
public record Sample(Map<String, Long> values, BigInteger sum, long nanos) {

    public static Sample of(Map<String, Long> values) {
        BigInteger sum = values.values().stream().map(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
        return new Sample(values, sum, System.nanoTime());
    }

    /** By how much a counter grew per second; an absent one counts as 0. */
    public BigDecimal rate(String key, Sample before) {
        BigInteger growth = BigInteger.valueOf(values.getOrDefault(key, 0L))
                .subtract(BigInteger.valueOf(before.values.getOrDefault(key, 0L)));
        return perSecond(growth, before);
    }

    /** By how much all counters together grew per second. */
    public BigDecimal rate(Sample before) {
        return perSecond(sum.subtract(before.sum), before);
    }

    private BigDecimal perSecond(BigInteger growth, Sample before) {
        long elapsed = Math.max(1, nanos - before.nanos);
        return new BigDecimal(growth).movePointRight(9).divide(BigDecimal.valueOf(elapsed), 1, RoundingMode.HALF_EVEN);
    }
}
