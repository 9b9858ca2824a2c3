package org.counterex.api;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A whiteboard service that is handed what a periodic sweep took out of a namespace, so that nothing vanishes unseen.
 *
 * <p>Called by the sweep's thread, one call at a time for each sweep. An exception is logged and reaches nobody else.
 */
@ConsumerType
@FunctionalInterface
public interface SweepListener {

    /**
     * Takes over the counts of one sweep of one namespace. They are in no counter any more.
     *
     * @param taken the final values by key; not empty, unmodifiable
     */
    void swept(String namespace, Map<String, Long> taken);
}
