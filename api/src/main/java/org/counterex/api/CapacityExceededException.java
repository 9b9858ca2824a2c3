package org.counterex.api;

/** Thrown when a bounded backend has no room for a new counter. Nothing was changed; existing counters still work. */
public final class CapacityExceededException extends CounterException {

    private static final long serialVersionUID = 1;

    private final String key;
    private final long capacity;

    /**
     * Creates the exception.
     *
     * @param capacity the number of counters that the namespace can hold
     */
    public CapacityExceededException(String namespace, String key, long capacity) {
        super(
                "namespace is full: namespace=" + CounterNames.printable(namespace) + " key="
                        + CounterNames.printable(key) + " capacity=" + capacity,
                namespace,
                null);
        this.key = key;
        this.capacity = capacity;
    }

    /** Returns the key of the counter that was not created. */
    public String key() {
        return key;
    }

    /** Returns the number of counters that the namespace can hold. */
    public long capacity() {
        return capacity;
    }
}
