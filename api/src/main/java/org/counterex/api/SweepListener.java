package org.counterex.api;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard service that receives the counters which a periodic sweep has drained from a namespace.
 *
 * <p><b>Threads.</b> Called by the thread of the sweep, one call at a time for each sweep. An exception is logged and
 * affects neither other listeners nor later sweeps.
 */
@ConsumerType
@FunctionalInterface
public interface SweepListener {

    /**
     * Receives the result of one sweep of one namespace. These counters have been removed; the listeners hold the only
     * copy.
     *
     * @param taken the final values by key; not empty, unmodifiable
     */
    void swept(String namespace, Map<String, Long> taken);
}
