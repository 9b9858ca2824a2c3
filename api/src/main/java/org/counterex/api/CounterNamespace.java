package org.counterex.api;

import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ObjLongConsumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The counters of one namespace, each a 64-bit number under a key.
 *
 * <p><b>Threads.</b> Any method may be called from any thread at any time. Each operation on one counter is atomic;
 * operations on a whole namespace are atomic for each counter, not for all of them together.
 *
 * <p><b>Range.</b> Values are -(2^63-1)..2^63-1; a backend may be configured to hold fewer. {@link Long#MIN_VALUE} is
 * never a value: as an argument it is rejected with {@link IllegalArgumentException}, as a result with {@link
 * CounterOverflowException}. A rejected operation leaves the counter as it was.
 *
 * <p><b>Precision.</b> No addition is ever lost or counted twice. On the backends {@code ets} and {@code atomics} every
 * counter is linearizable. On {@code counters} the values returned by {@code inc} and {@code get} may miss additions
 * that run concurrently; {@code set}, {@code reset}, {@code compareAndSwap}, {@code delete} and {@code drain} are exact
 * there too.
 *
 * <p><b>Swapping.</b> An object of this type remains valid across every change of backend, for as long as the {@link
 * Counters} service it was obtained from is registered; afterwards every method throws {@link NoBackendException}. A
 * change of backend makes no call fail, except where the value or the number of counters exceeds what the new backend
 * can hold.
 *
 * <p><b>Errors.</b> In addition to the exceptions documented for each method, every method that takes a key throws
 * {@link IllegalArgumentException} if the key is null, empty, longer than {@value CounterNames#MAX_LENGTH} characters
 * or not well-formed UTF-16. Every method may throw {@link NoBackendException} if no backend serves the namespace, and
 * {@link BackendUnavailableException} if its backend cannot answer at present. After any of these nothing was changed,
 * unless {@link BackendUnavailableException#mayHaveBeenApplied} returns true.
 */
@ProviderType
public interface CounterNamespace {

    /** Returns the name of this namespace. */
    String name();

    /**
     * Adds 1 to a counter. An absent counter is created with the value 1. Atomic.
     *
     * @return the value after this addition
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was counted
     * @throws CounterOverflowException the result would leave the range; nothing was counted
     */
    default long inc(String key) {
        return inc(key, 1);
    }

    /**
     * Adds to a counter. An absent counter is created with the value {@code step}. Atomic.
     *
     * @param step the amount to add; may be negative or zero
     * @return the value after this addition
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was counted
     * @throws CounterOverflowException the result would leave the range; nothing was counted
     */
    default long inc(String key, long step) {
        return inc(key, step, 0);
    }

    /**
     * Adds to a counter. An absent counter is created with the value {@code initial + step}; of concurrent callers
     * exactly one creates it, so {@code initial} is applied once. Atomic.
     *
     * @param step the amount to add; may be negative or zero
     * @param initial the value before the step if the counter is absent; ignored if it is present
     * @return the value after this addition
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was counted
     * @throws CounterOverflowException the result would leave the range; nothing was counted
     */
    long inc(String key, long step, long initial);

    /**
     * Adds to a counter without returning its value; never slower than {@link #inc(String, long)}. An absent counter is
     * created with the value {@code step}. Atomic.
     *
     * @param step the amount to add; may be negative or zero
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was counted
     * @throws CounterOverflowException the result would leave the range; nothing was counted
     */
    void add(String key, long step);

    /** Returns the value of a counter, or empty if it is absent. Creates nothing. */
    OptionalLong get(String key);

    /**
     * Sets a counter to a value, creating it if it is absent. Atomic.
     *
     * @return {@code value}
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was changed
     * @throws CounterOverflowException the backend cannot hold the value; nothing was changed
     */
    long set(String key, long value);

    /**
     * Resets a counter to 0, creating it if it is absent. Atomic.
     *
     * @return 0
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was changed
     */
    default long reset(String key) {
        return reset(key, 0);
    }

    /**
     * Resets a counter to its initial value, creating it if it is absent. Atomic.
     *
     * @return {@code initial}
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was changed
     * @throws CounterOverflowException the backend cannot hold the value; nothing was changed
     */
    long reset(String key, long initial);

    /** Removes a counter and discards its value; does nothing if it is absent. Atomic. */
    void delete(String key);

    /**
     * Sets a counter to a new value if it has the expected one. An absent counter is compared as 0: it is created if
     * {@code expected} is 0, and a mismatch creates nothing. Atomic on every backend.
     *
     * @return whether the value was swapped, with the value after the call
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was changed
     * @throws CounterOverflowException the backend cannot hold the new value; nothing was changed
     */
    CasResult compareAndSwap(String key, long expected, long newValue);

    /**
     * Returns every counter with its value; empty for an unknown namespace.
     *
     * <p>The result is not a snapshot of the namespace: the counter had each value at some moment during the call, but
     * not all counters at the same moment. A counter that is present throughout the call appears exactly once.
     *
     * @return a new map, which the caller may modify
     */
    Map<String, Long> getAll();

    /**
     * Passes every counter with its value to an action, as {@link #getAll()} returns them, without holding all of them
     * in memory. If the backend of the namespace has tables, about 65,000 keys are held at a time, whatever the size of
     * the namespace; otherwise as many as {@code getAll()} returns.
     *
     * <p>The action runs in the calling thread, without a lock, and may take any time. A counter that is present
     * throughout the call is passed exactly once, even if the namespace is moved meanwhile. An exception of the action
     * ends the call and is propagated.
     */
    default void forEach(ObjLongConsumer<String> action) {
        getAll().forEach(action::accept);
    }

    /**
     * Removes every counter and returns the final values. Atomic for each counter: an addition is either in the result
     * of exactly one drain or still counted. Counters that are created during the call may remain.
     *
     * <p>If a counter cannot be removed, the call ends there and returns the counters removed so far; if there are
     * none, it throws.
     *
     * @return a new map, which the caller may modify
     */
    Map<String, Long> drain();

    /**
     * Removes every counter and discards its value. Counters that are created during the call may remain.
     *
     * <p>If a counter cannot be removed, the call ends there and throws; the counters before it have been removed.
     */
    void deleteAll();

    /**
     * Returns a handle of one counter, present or absent. A handle remains valid as long as this object does and is
     * meant to be stored in a field: an operation through it needs no look-up of the key.
     */
    Counter counter(String key);
}
