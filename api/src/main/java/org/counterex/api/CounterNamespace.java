package org.counterex.api;

import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ObjLongConsumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The counters of one namespace.
 *
 * <p><b>Threads.</b> Any method may be called from any thread at any time.
 *
 * <p><b>Range.</b> Values are -(2^63-1)..2^63-1, less where a backend is configured so. {@link Long#MIN_VALUE} is
 * refused everywhere: as an argument with {@link IllegalArgumentException}, as a result with
 * {@link CounterOverflowException}. A refused operation leaves the counter as it was.
 *
 * <p><b>Precision.</b> No addition is ever lost or counted twice. On the backends {@code ets} and {@code atomics} every
 * counter is linearizable. On {@code counters} the value that {@code inc} returns and {@code get} reads may miss
 * additions that run concurrently; {@code set}, {@code reset}, {@code compareAndSwap}, {@code delete} and
 * {@code drain} are exact there too.
 *
 * <p><b>Swapping.</b> An object of this type stays valid across every change of backend, as long as the
 * {@link Counters} service it came from; after that every method throws {@link NoBackendException}. A change makes no
 * call fail beyond the limits of the new backend.
 *
 * <p><b>Errors.</b> Besides those named at the methods: {@link IllegalArgumentException} for a key that is null, empty,
 * longer than {@value CounterNames#MAX_LENGTH} characters or no well-formed UTF-16; {@link NoBackendException} where
 * nothing serves the namespace, and {@link BackendUnavailableException} where its backend cannot answer now. After any
 * of them nothing was changed, but for a {@code BackendUnavailableException} that says otherwise.
 */
@ProviderType
public interface CounterNamespace {

    /** The name of this namespace. */
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
     * @param step amount to add; may be negative or zero
     * @return the value after this addition
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was counted
     * @throws CounterOverflowException the result would leave the range; nothing was counted
     */
    default long inc(String key, long step) {
        return inc(key, step, 0);
    }

    /**
     * Adds to a counter. An absent counter is created with the value {@code initial + step}; {@code initial} is applied
     * exactly once, whichever callers race. Atomic.
     *
     * @param step amount to add; may be negative or zero
     * @param initial the value before the step if the counter is absent
     * @return the value after this addition
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was counted
     * @throws CounterOverflowException the result would leave the range; nothing was counted
     */
    long inc(String key, long step, long initial);

    /**
     * Adds to a counter and tells no result; never slower than {@link #inc(String, long)}. Atomic.
     *
     * @param step amount to add; may be negative or zero
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was counted
     * @throws CounterOverflowException the result would leave the range; nothing was counted
     */
    void add(String key, long step);

    /** The value of a counter, or empty if it is absent. */
    OptionalLong get(String key);

    /**
     * Gives a counter a value, creating it if it is absent. Atomic.
     *
     * @return {@code value}
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was changed
     * @throws CounterOverflowException the backend does not hold such values; nothing was changed
     */
    long set(String key, long value);

    /**
     * Gives a counter the value 0, creating it if it is absent. Atomic.
     *
     * @return 0
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was changed
     */
    default long reset(String key) {
        return reset(key, 0);
    }

    /**
     * Gives a counter its initial value again, creating it if it is absent. Atomic.
     *
     * @return {@code initial}
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was changed
     * @throws CounterOverflowException the backend does not hold such values; nothing was changed
     */
    long reset(String key, long initial);

    /** Removes a counter, with its value. Succeeds as well if it is absent. Atomic. */
    void delete(String key);

    /**
     * Gives a counter a new value if it has the expected one. An absent counter counts as 0: it is created if
     * {@code expected} is 0; a mismatch creates nothing. Atomic on every backend.
     *
     * @return whether it was swapped, with the new value; or the value that was met instead
     * @throws CapacityExceededException the counter is absent and there is no room for it; nothing was changed
     * @throws CounterOverflowException the backend does not hold such values; nothing was changed
     */
    CasResult compareAndSwap(String key, long expected, long newValue);

    /**
     * Every counter with its value; empty for an unknown namespace.
     *
     * <p>No snapshot of the whole: each value was held at some moment during the call, not all of them at the same one.
     * A counter that was present throughout appears once.
     *
     * @return a new map, the caller's own
     */
    Map<String, Long> getAll();

    /**
     * Shows every counter with its value, as {@link #getAll()} does, without holding all of them in memory: of a namespace whose
     * backend has tables about 65,000 keys at a time, whatever its size; of any other as much as {@code all()} holds.
     *
     * <p>The action runs in the calling thread, under no lock, and may take its time: a counter that was present throughout is
     * shown once, whatever moves meanwhile. What the action throws ends the call.
     */
    default void forEach(ObjLongConsumer<String> action) {
        getAll().forEach(action::accept);
    }

    /**
     * Removes every counter and returns the final values. Atomic for each counter: an addition is in exactly one
     * drain, or still counted. Counters created meanwhile may stay.
     *
     * @return a new map, the caller's own. If a counter cannot be taken out, the call ends with it and returns what it
     *     has taken; only if that is nothing, it throws
     */
    Map<String, Long> drain();

    /**
     * Removes every counter, with its value. Counters created meanwhile may stay. If a counter cannot be removed, the call
     * ends with it and throws; those before it are removed.
     */
    void deleteAll();

    /**
     * A stable handle of one counter, present or absent. Keep it: counting by handle spares the look-up by name.
     */
    Counter counter(String key);
}
