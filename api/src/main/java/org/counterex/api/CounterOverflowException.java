package org.counterex.api;

/** Thrown when a result would leave the range of the counter. Nothing was changed; the counter keeps its value. */
public final class CounterOverflowException extends CounterException {

    private static final long serialVersionUID = 1;

    private final String key;
    private final long lowest;

    /**
     * Creates the exception.
     *
     * @param problem the value that was rejected or the sum that leads to it, for instance {@code 5 + -6}
     * @param lowest the lowest value that the counter can hold; the highest is always 2^63-1
     */
    public CounterOverflowException(String namespace, String key, String problem, long lowest) {
        super(
                "value is out of range: namespace=" + CounterNames.printable(namespace) + " key="
                        + CounterNames.printable(key) + " value=" + problem + " lowest=" + lowest + " highest="
                        + Long.MAX_VALUE,
                namespace,
                null);
        this.key = key;
        this.lowest = lowest;
    }

    /** Returns the key of the counter, which keeps its value. */
    public String key() {
        return key;
    }

    /** Returns the lowest value that the counter can hold; the highest is always 2^63-1. */
    public long lowest() {
        return lowest;
    }
}
