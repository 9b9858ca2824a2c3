package org.counterex.api.backend.table;

import java.util.function.LongUnaryOperator;

/**
 * What one call makes of the value of one counter. {@link #applyAsLong} gives the next value for the present one and may
 * be asked repeatedly, until its answer takes effect.
 */
public abstract sealed class CellUpdate implements LongUnaryOperator {

    private CellUpdate() {}

    /** Whether the step creates an absent counter. */
    public boolean creates() {
        return true;
    }

    /** The value to begin with if the counter is absent: the step is then taken from there. */
    long initial() {
        return 0;
    }

    /** How the step looks in a message, after the value it was to be taken from. */
    abstract String describe(long value);

    /** Adds. */
    public static final class Add extends CellUpdate {

        private final long step;
        private final long initial;

        public Add(long step, long initial) {
            this.step = step;
            this.initial = initial;
        }

        /** The amount to add. */
        public long step() {
            return step;
        }

        @Override
        public long initial() {
            return initial;
        }

        /** @throws ArithmeticException the sum leaves 64 bits */
        @Override
        public long applyAsLong(long value) {
            return Math.addExact(value, step);
        }

        @Override
        String describe(long value) {
            return value + (step < 0 ? "" : "+") + step;
        }
    }

    /** Gives a value, whatever it was before. */
    public static final class Put extends CellUpdate {

        private final long value;
        private final boolean reset;

        /** @param reset whether the call was {@code reset}, for backends that want to know */
        public Put(long value, boolean reset) {
            this.value = value;
            this.reset = reset;
        }

        public long value() {
            return value;
        }

        public boolean isReset() {
            return reset;
        }

        @Override
        public long applyAsLong(long before) {
            return value;
        }

        @Override
        String describe(long before) {
            return Long.toString(value);
        }
    }

    /** Gives a value if the present one is expected. Remembers how it went, so an object serves one call. */
    public static final class Swap extends CellUpdate {

        private final long expected;
        private final long value;
        private boolean swapped;

        public Swap(long expected, long value) {
            this.expected = expected;
            this.value = value;
        }

        public long expected() {
            return expected;
        }

        public long value() {
            return value;
        }

        /** Whether the last value this step was applied to was the expected one. */
        public boolean swapped() {
            return swapped;
        }

        @Override
        public boolean creates() {
            return expected == 0;
        }

        @Override
        public long applyAsLong(long met) {
            swapped = met == expected;
            return swapped ? value : met;
        }

        @Override
        String describe(long met) {
            return Long.toString(value);
        }
    }
}
