package org.counterex.api;

import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Handle of one counter: the operations of {@link CounterNamespace} on a fixed key.
 *
 * <p>A handle refers to the counter by name. It remains valid when the counter is deleted and created again, and across
 * every change of backend; it may be shared by any number of threads.
 *
 * <p>Each method has the effect, the result and the exceptions of the method of the same name in {@link
 * CounterNamespace}.
 */
@ProviderType
public interface Counter {

    /** Returns the name of the namespace. */
    String namespace();

    /** Returns the key of the counter within its namespace. */
    String key();

    /**
     * Adds 1.
     *
     * @return the value after this addition
     * @see CounterNamespace#inc(String)
     */
    default long inc() {
        return inc(1);
    }

    /**
     * Adds to the counter.
     *
     * @return the value after this addition
     * @see CounterNamespace#inc(String, long)
     */
    default long inc(long step) {
        return inc(step, 0);
    }

    /**
     * Adds to the counter, which begins with an initial value if it is absent.
     *
     * @return the value after this addition
     * @see CounterNamespace#inc(String, long, long)
     */
    long inc(long step, long initial);

    /**
     * Adds to the counter without returning its value.
     *
     * @see CounterNamespace#add(String, long)
     */
    void add(long step);

    /**
     * Returns the value, or empty if the counter is absent.
     *
     * @see CounterNamespace#get(String)
     */
    OptionalLong get();

    /**
     * Sets the counter to a value.
     *
     * @return {@code value}
     * @see CounterNamespace#set(String, long)
     */
    long set(long value);

    /**
     * Resets the counter to 0.
     *
     * @return 0
     * @see CounterNamespace#reset(String)
     */
    default long reset() {
        return reset(0);
    }

    /**
     * Resets the counter to its initial value.
     *
     * @return {@code initial}
     * @see CounterNamespace#reset(String, long)
     */
    long reset(long initial);

    /**
     * Removes the counter and discards its value.
     *
     * @see CounterNamespace#delete(String)
     */
    void delete();

    /**
     * Sets the counter to a new value if it has the expected one.
     *
     * @return whether the value was swapped, with the value after the call
     * @see CounterNamespace#compareAndSwap(String, long, long)
     */
    CasResult compareAndSwap(long expected, long newValue);
}
