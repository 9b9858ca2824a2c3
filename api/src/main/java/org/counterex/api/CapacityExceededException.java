package org.counterex.api;

/** A bounded backend has no room for a new counter. Nothing was created or changed; existing counters still work. */
public final class CapacityExceededException extends CounterException {

    private static final long serialVersionUID = 1;

    private final String key;
    private final long capacity;

    /** @param capacity the counters that the namespace can hold */
    public CapacityExceededException(String namespace, String key, long capacity) {
        super(
                "namespace is full: namespace=" + CounterNames.printable(namespace) + " key="
                        + CounterNames.printable(key) + " capacity=" + capacity,
                namespace,
                null);
        this.key = key;
        this.capacity = capacity;
    }

    /** The key of the counter that was not created. */
    public String key() {
        return key;
    }

    /** The counters that the namespace can hold. */
    public long capacity() {
        return capacity;
    }
}
