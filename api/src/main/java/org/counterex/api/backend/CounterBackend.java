package org.counterex.api.backend;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.CasResult;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Storage for counters, as an OSGi service. The registry finds it by its service properties, sends it the calls of the
 * namespaces that resolve to it, and moves their counters in when it comes and out when it leaves.
 *
 * <p><b>Threads.</b> Any method may be called from any thread at any time. Every method is atomic with respect to every
 * other one on the same counter.
 *
 * <p><b>Range.</b> A backend holds at least 0..2^63-1. It never holds {@link Long#MIN_VALUE}. An operation that would
 * leave the range throws {@link org.counterex.api.CounterOverflowException}, one that needs room which is not there
 * {@link org.counterex.api.CapacityExceededException}; both leave everything as it was.
 *
 * <p><b>Arguments.</b> The registry has checked names, and that no argument is {@code Long.MIN_VALUE}.
 *
 * <p><b>Leaving.</b> When the service is unregistered, it must go on working until {@code unregister} has returned: the
 * registry takes the counters out meanwhile. A component should be {@code immediate}, or it may be deactivated while
 * its counters are still in it.
 */
@ConsumerType
public interface CounterBackend {

    /** Service property, required: the type of the backend, for instance {@code ets}. */
    String TYPE = "counterex.backend";

    /** Service property: the name of this instance among those of its type; the type itself if it is missing. */
    String NAME = "counterex.name";

    /** Service property, {@code String+}: globs of the namespaces that this backend claims; none if it is missing. */
    String NAMESPACES = "counterex.namespaces";

    /** Service property: what becomes of the values when the backend leaves; {@link #RETENTION_NONE} if it is missing. */
    String RETENTION = "counterex.retention";

    /** Its values live in it and have to be taken out before it leaves. */
    String RETENTION_NONE = "none";

    /** It keeps its values when it leaves and has them again when it returns, as a file does. */
    String RETENTION_LOCAL = "local";

    /** Its values live outside and belong to everybody who is connected to the same place, as in a server. */
    String RETENTION_SHARED = "shared";

    /**
     * Adds to a counter; an absent one is created with {@code initial + step}.
     *
     * @return the value after this addition
     */
    long inc(String namespace, String key, long step, long initial);

    /** The value of a counter, or empty if it is absent. */
    OptionalLong get(String namespace, String key);

    /**
     * Gives a counter a value, creating it if it is absent.
     *
     * @return {@code value}
     */
    long set(String namespace, String key, long value);

    /**
     * Gives a counter its initial value again, creating it if it is absent.
     *
     * @return {@code initial}
     */
    long reset(String namespace, String key, long initial);

    /** Removes a counter; succeeds as well if it is absent. */
    void delete(String namespace, String key);

    /**
     * Every counter of a namespace with its value; empty for an unknown namespace. A counter that is present throughout
     * the call appears.
     *
     * @return a new map, the caller's own
     */
    Map<String, Long> getAll(String namespace);

    /** Removes every counter of a namespace. */
    void deleteNamespace(String namespace);

    /**
     * Gives a counter a new value if it has the expected one. An absent counter counts as 0; a mismatch creates nothing.
     */
    CasResult compareAndSwap(String namespace, String key, long expected, long newValue);

    /** What this backend is and holds, for people and for the registry. */
    BackendInfo info();

    /** Adds to a counter and tells no result; an absent one is created with {@code step}. */
    default void add(String namespace, String key, long step) {
        inc(namespace, key, step, 0);
    }

    /**
     * Adds what was counted elsewhere; an absent counter is created with {@code value}. Unlike {@link #add} it leaves nobody
     * in doubt. When it returns, the backend answers for the value: if it is still on its way to where the values are, it
     * is sent until it is settled that it was counted, once. When it throws, it was not counted and never will be.
     *
     * <p>The registry hands counters over to a backend that others use too by this alone: what they count there meanwhile is
     * added to, and nothing overwritten. This implementation is {@link #add}, which will do where every addition is settled
     * as soon as it returns or throws.
     *
     * @throws org.counterex.api.BackendUnavailableException the value was not counted; whoever called still has it
     */
    default void merge(String namespace, String key, long value) {
        add(namespace, key, value);
    }

    /**
     * Removes a counter and returns its final value: each addition is in exactly one take or drain, or still counted.
     *
     * <p>This implementation reads and then deletes, which is exact only while nobody else calls: the registry, which
     * never calls it beside another operation on the counter, may rely on it. A backend that serves others too overrides it
     * with an atomic one; out of such a backend the registry takes counters by this alone.
     *
     * @return the final value, which is nowhere else any more; empty if the counter was absent
     * @throws org.counterex.api.BackendUnavailableException nobody has the value but the backend: the counter still has it, or
     *     has it again as soon as it is known to have been taken in vain
     */
    default OptionalLong take(String namespace, String key) {
        OptionalLong taken = get(namespace, key);
        if (taken.isPresent()) {
            delete(namespace, key);
        }
        return taken;
    }

    /**
     * Returns when all that was counted in a namespace before this call is where the backend keeps its values. One that
     * keeps none has nothing to do.
     *
     * @throws org.counterex.api.BackendUnavailableException it is not there yet; nothing is lost as long as this process runs
     */
    default void flush(String namespace) {}

    /**
     * Removes every counter of a namespace and returns the final values.
     *
     * <p>This implementation reads and then deletes, which is exact only while nobody else calls: the registry, which
     * never calls it beside another operation on the namespace, may rely on it. A backend that serves others too
     * overrides it with an atomic one.
     *
     * @return a new map, the caller's own
     */
    default Map<String, Long> drain(String namespace) {
        Map<String, Long> taken = getAll(namespace);
        deleteNamespace(namespace);
        return taken;
    }
}
