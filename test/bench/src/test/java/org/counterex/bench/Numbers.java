package org.counterex.bench;

import java.util.Random;
import org.jetbrains.lincheck.datastructures.ParameterGenerator;
import org.jetbrains.lincheck.datastructures.RandomProvider;

/** Generator of steps and values: mostly small, and some at which a cell changes its kind or a sum is out of range. */
public final class Numbers implements ParameterGenerator<Long> {

    private static final long[] SMALL = {0, 1, 1, 1, 2, 3, -1, -2};

    private static final long[] LARGE = {
        1L << 31,
        -(1L << 31) - 1,
        (1L << 60) - 1,
        -(1L << 60),
        (1L << 61) - 1,
        -(1L << 61),
        1L << 62,
        -3L << 61,
        Long.MAX_VALUE,
        Long.MAX_VALUE - 1,
        -Long.MAX_VALUE
    };

    private final Random random;

    /** @param configuration not used */
    public Numbers(RandomProvider provider, String configuration) {
        random = provider.createRandom();
    }

    @Override
    public Long generate() {
        long[] source = random.nextInt(4) == 0 ? LARGE : SMALL;
        return source[random.nextInt(source.length)];
    }
}
