package org.counterex.api;

/** A result would leave the range of the counter. Nothing was changed; the counter keeps its value. */
public final class CounterOverflowException extends CounterException {

    private static final long serialVersionUID = 1;

    private final String key;
    private final long lowest;

    /**
     * @param problem what was to be done, for instance {@code 5 + -6}
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

    /** The key of the counter, which keeps its value. */
    public String key() {
        return key;
    }

    /** The lowest value that the counter can hold; the highest is always 2^63-1. */
    public long lowest() {
        return lowest;
    }
}
