package org.counterex.api.backend.table;

import java.util.function.LongUnaryOperator;

/**
 * Step of one operation on the value of one counter. {@link #applyAsLong} returns the next value for the present one
 * and may be called repeatedly until a result takes effect.
 */
public abstract sealed class CellUpdate implements LongUnaryOperator {

    private CellUpdate() {}

    /** Returns whether the step creates an absent counter. */
    public boolean creates() {
        return true;
    }

    /** Returns the value to which the step is applied if the counter is absent. */
    long initial() {
        return 0;
    }

    /** Returns the text of the step for a message, given the value to which it was applied. */
    abstract String describe(long value);

    /** Addition. */
    public static final class Add extends CellUpdate {

        private final long step;
        private final long initial;

        public Add(long step, long initial) {
            this.step = step;
            this.initial = initial;
        }

        /** Returns the amount to add. */
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

    /** Assignment of a value, whatever the present one. */
    public static final class Put extends CellUpdate {

        private final long value;
        private final boolean reset;

        /**
         * Creates the step.
         *
         * @param reset whether the operation is {@code reset}, for backends that distinguish it
         */
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

    /** Compare-and-swap. Stores its result, so one object serves one operation. */
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

        /** Returns whether the last value to which the step was applied was the expected one. */
        public boolean swapped() {
            return swapped;
        }

        @Override
        public boolean creates() {
            return expected == 0;
        }

        @Override
        public long applyAsLong(long found) {
            swapped = found == expected;
            return swapped ? value : found;
        }

        @Override
        String describe(long found) {
            return Long.toString(value);
        }
    }
}
