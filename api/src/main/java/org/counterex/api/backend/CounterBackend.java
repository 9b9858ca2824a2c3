package org.counterex.api.backend;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.CasResult;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Storage of counters, as an OSGi service. The registry finds it by its service properties, calls it for the namespaces
 * that resolve to it, and moves their counters in when it is registered and out when it is unregistered.
 *
 * <p><b>Threads.</b> Any method may be called from any thread at any time. Every method is atomic with respect to every
 * other method on the same counter.
 *
 * <p><b>Range.</b> A backend holds at least 0..2^63-1, and never {@link Long#MIN_VALUE}. An operation whose result
 * would leave the range throws {@link org.counterex.api.CounterOverflowException}, one for which there is no room
 * {@link org.counterex.api.CapacityExceededException}; both change nothing.
 *
 * <p><b>Arguments.</b> The registry passes valid names only, and no argument that is {@code Long.MIN_VALUE}.
 *
 * <p><b>Leaving.</b> When the service is unregistered, it must go on working until {@code unregister} has returned,
 * because the registry moves the counters out meanwhile. A component should be {@code immediate}; otherwise it may be
 * deactivated while it still holds counters.
 */
@ConsumerType
public interface CounterBackend {

    /** Service property, required: the type of the backend, for instance {@code ets}. */
    String TYPE = "counterex.backend";

    /** Service property: the name of this instance among those of its type; by default the type. */
    String NAME = "counterex.name";

    /** Service property, {@code String+}: globs of the namespaces that this backend claims; by default none. */
    String NAMESPACES = "counterex.namespaces";

    /** Service property: what happens to the values when the backend leaves; by default {@link #RETENTION_NONE}. */
    String RETENTION = "counterex.retention";

    /** Value of {@link #RETENTION}: the values are in the backend and are moved out before it leaves. */
    String RETENTION_NONE = "none";

    /** Value of {@link #RETENTION}: the backend retains its values for its return, as a file does. */
    String RETENTION_LOCAL = "local";

    /**
     * Value of {@link #RETENTION}: the values are stored elsewhere and shared by all that are connected, as in a
     * server.
     */
    String RETENTION_SHARED = "shared";

    /**
     * Adds a step to a counter; an absent one is created with {@code initial + step}.
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
     * Resets a counter to an initial value, creating it if it is absent.
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
     * @return a new map, the caller's own
     */
    Map<String, Long> getAll(String namespace);

    /** Removes every counter of a namespace. */
    void deleteNamespace(String namespace);

    /**
     * Sets a counter to a new value if it has the expected one. An absent counter is treated as 0; a mismatch creates
     * nothing.
     */
    CasResult compareAndSwap(String namespace, String key, long expected, long newValue);

    /** Describes this backend and reports how many counters it holds. */
    BackendInfo info();

    /** Adds a step to a counter without a result; an absent one is created with {@code step}. */
    default void add(String namespace, String key, long step) {
        inc(namespace, key, step, 0);
    }

    /**
     * Adds the value of a counter that was removed from another store; an absent counter is created with {@code value}.
     * Unlike {@link #add}, the outcome is never unknown. When the call returns, the backend guarantees that the value
     * is counted exactly once, even if it still has to be sent. When it throws, the value was not counted and never
     * will be.
     *
     * <p>The registry transfers counters to a backend with shared values by this method only, so that what others count
     * meanwhile is never overwritten. This implementation calls {@link #add}, which is sufficient if the outcome of
     * every addition is known when it returns or throws.
     *
     * @throws org.counterex.api.BackendUnavailableException the value was not counted; it is still the caller's
     */
    default void merge(String namespace, String key, long value) {
        add(namespace, key, value);
    }

    /**
     * Removes a counter and returns its final value: each addition is contained in exactly one take or drain, or still
     * counted.
     *
     * <p>This implementation reads and then deletes, which is exact only without concurrent calls. That is sufficient
     * for the registry, which never calls it concurrently with another operation on the counter. A backend with shared
     * values overrides it with an atomic implementation; the registry removes counters from such a backend by this
     * method only.
     *
     * @return the final value, which only the caller has now; empty if the counter was absent
     * @throws org.counterex.api.BackendUnavailableException the value was not removed: the counter still has it, or has
     *     it again as soon as the backend knows that the removal had no recipient
     */
    default OptionalLong take(String namespace, String key) {
        OptionalLong taken = get(namespace, key);
        if (taken.isPresent()) {
            delete(namespace, key);
        }
        return taken;
    }

    /**
     * Waits until everything that was counted in a namespace before this call is stored where the backend retains its
     * values. A backend without retention has nothing to do.
     *
     * @throws org.counterex.api.BackendUnavailableException it is not stored yet; nothing is lost as long as this
     *     process runs
     */
    default void flush(String namespace) {}

    /**
     * Removes every counter of a namespace and returns the final values.
     *
     * <p>This implementation reads and then deletes, which is exact only without concurrent calls. That is sufficient
     * for the registry, which never calls it concurrently with another operation on the namespace. A backend with
     * shared values overrides it with an atomic implementation.
     *
     * @return a new map, the caller's own
     */
    default Map<String, Long> drain(String namespace) {
        Map<String, Long> taken = getAll(namespace);
        deleteNamespace(namespace);
        return taken;
    }
}
