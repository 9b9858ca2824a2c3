package org.counterex.api.backend.table;

import org.counterex.api.backend.CounterBackend;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A backend that gathers additions in this process before they go to where its values are, and lets callers add without
 * calling it. An extension for those whose values others use too ({@link CounterBackend#RETENTION_SHARED}): it changes
 * nothing of what they promise, and {@link CounterBackend#add} goes on doing the same through a call.
 *
 * <p><b>Cells.</b> What was added to a counter and is not sent is in one open cell. To send it, to take the counter, to set
 * it, or for whatever else needs what was counted before, the backend <em>seals</em> the cell first: what was in it is then,
 * in its own order, before that operation. Who comes late with an addition learns it from the raw result, and calls.
 */
@ProviderType
public interface WriteBufferingBackend extends CounterBackend {

    /**
     * The additions that are being gathered in a namespace. Each call may return another object; all show the same cells.
     * Does not wait for anything.
     *
     * @return null if this backend does not gather any
     */
    AdditionBuffer additionBuffer(String namespace);
}
