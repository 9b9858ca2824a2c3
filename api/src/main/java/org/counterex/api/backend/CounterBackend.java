package org.counterex.api.backend;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.CasResult;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Storage for counters, as an OSGi service. The registry finds it by its service properties, sends it the calls of the
 * namespaces that resolve to it, moves their counters into it when it is registered and out of it when it is unregistered.
 *
 * <p><b>Threads.</b> Any method may be called from any thread at any time. Every method is atomic with respect to every
 * other method on the same counter.
 *
 * <p><b>Range.</b> A backend holds at least 0..2^63-1 and never holds {@link Long#MIN_VALUE}. An operation whose result
 * would leave the range throws {@link org.counterex.api.CounterOverflowException}; one that requires room that is not
 * available throws {@link org.counterex.api.CapacityExceededException}. Both leave everything as it was.
 *
 * <p><b>Arguments.</b> The registry has checked that names are valid and that no argument is {@code Long.MIN_VALUE}.
 *
 * <p><b>Unregistering.</b> The service must remain usable until {@code unregister} has returned, because the registry moves
 * the counters out of it during that call. A component has to be {@code immediate}; a delayed one may be deactivated while
 * it holds counters.
 *
 * <p><b>Compatibility.</b> This is a consumer type: operations that a later minor version adds are default methods.
 */
@ConsumerType
public interface CounterBackend {

    /** Service property, required: the type of the backend, for instance {@code ets}. */
    String TYPE = "counterex.backend";

    /** Service property: the name of this instance, unique among those of its type; the type if it is missing. */
    String NAME = "counterex.name";

    /** Service property, {@code String+}: globs of the namespaces that this backend claims; none if it is missing. */
    String NAMESPACES = "counterex.namespaces";

    /** Service property: what happens to the values when the backend leaves; {@link #RETENTION_NONE} if it is missing. */
    String RETENTION = "counterex.retention";

    /** {@link #RETENTION}: the values are held by the backend alone and are taken out before it leaves. */
    String RETENTION_NONE = "none";

    /** {@link #RETENTION}: the backend retains its values and has them again when it returns, as with a file. */
    String RETENTION_LOCAL = "local";

    /** {@link #RETENTION}: the values are held outside, where others use them too, as in a server. */
    String RETENTION_SHARED = "shared";

    /**
     * Adds to a counter; an absent one is created with {@code initial + step}.
     *
     * @return the value after this addition
     */
    long inc(String namespace, String key, long step, long initial);

    /** Returns the value of a counter, or empty if it is absent. */
    OptionalLong get(String namespace, String key);

    /**
     * Sets a counter to a value, creating it if it is absent.
     *
     * @return {@code value}
     */
    long set(String namespace, String key, long value);

    /**
     * Resets a counter to its initial value, creating it if it is absent.
     *
     * @return {@code initial}
     */
    long reset(String namespace, String key, long initial);

    /** Removes a counter; does nothing if it is absent. */
    void delete(String namespace, String key);

    /**
     * Returns every counter of a namespace with its value; empty for an unknown namespace. A counter that is present
     * throughout the call is included.
     *
     * @return a new map, which the caller may modify
     */
    Map<String, Long> getAll(String namespace);

    /** Removes every counter of a namespace. */
    void deleteNamespace(String namespace);

    /**
     * Sets a counter to a new value if it has the expected one. An absent counter is compared as 0: it is created if {@code
     * expected} is 0, and a mismatch creates nothing.
     */
    CasResult compareAndSwap(String namespace, String key, long expected, long newValue);

    /** Returns a description of this backend and the number of counters in each namespace. */
    BackendInfo info();

    /** Adds to a counter without returning its value; an absent one is created with {@code step}. */
    default void add(String namespace, String key, long step) {
        inc(namespace, key, step, 0);
    }

    /**
     * Adds a value that was counted elsewhere; an absent counter is created with {@code value}. Unlike {@link #add}, its
     * outcome is never unknown. When it returns, the backend guarantees that the value is counted exactly once: if it has
     * not reached the storage yet, the backend resends it until it has. When it throws, the value was not counted and never
     * will be.
     *
     * <p>The registry transfers counters to a shared backend by this method only, so that what others count there during a
     * move is added to and not overwritten. This implementation calls {@link #add}, which is sufficient where the outcome of
     * every addition is definite as soon as it returns or throws.
     *
     * @throws org.counterex.api.BackendUnavailableException the value was not counted; the caller still has it
     */
    default void merge(String namespace, String key, long value) {
        add(namespace, key, value);
    }

    /**
     * Removes a counter and returns its final value. Each addition is in the result of exactly one take or drain, or still
     * counted.
     *
     * <p>This implementation reads and then deletes. That is exact for the registry, which never calls it concurrently with
     * another operation on the counter, but not for several callers. A shared backend overrides it with an atomic operation;
     * the registry transfers counters out of such a backend by this method only.
     *
     * @return the final value, now held by the caller alone; empty if the counter was absent
     * @throws org.counterex.api.BackendUnavailableException the caller does not have the value: the counter still has it, or
     *     has it again once the backend knows that its removal was not acknowledged
     */
    default OptionalLong take(String namespace, String key) {
        OptionalLong taken = get(namespace, key);
        if (taken.isPresent()) {
            delete(namespace, key);
        }
        return taken;
    }

    /**
     * Waits until everything counted in a namespace before this call has reached the storage of this backend. This
     * implementation returns at once, for a backend that does not retain its values or writes each change before it returns.
     *
     * @throws org.counterex.api.BackendUnavailableException not everything has reached the storage; nothing is lost as long
     *     as this process runs
     */
    default void flush(String namespace) {}

    /**
     * Removes every counter of a namespace and returns the final values.
     *
     * <p>This implementation reads and then deletes. That is exact for the registry, which never calls it concurrently with
     * another operation on the namespace, but not for several callers. A shared backend overrides it with an operation that
     * is atomic for each counter.
     *
     * @return a new map, which the caller may modify
     */
    default Map<String, Long> drain(String namespace) {
        Map<String, Long> taken = getAll(namespace);
        deleteNamespace(namespace);
        return taken;
    }
}
