package org.counterex.api.backend.table;

import org.counterex.api.backend.CounterBackend;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Backend that buffers additions in this process before it sends them to where its values are, and lets callers add without calling
 * it. An extension for backends with shared values ({@link CounterBackend#RETENTION_SHARED}): it changes nothing of what they
 * promise, and {@link CounterBackend#add} does the same through a call.
 *
 * <p><b>Cells.</b> Additions to a counter that have not been sent are in one open cell. To send them, to take or set the counter, or
 * for any other operation that requires what was counted before, the backend first <em>seals</em> the cell: its content is then
 * ordered before that operation. A late adder learns from the raw result that the cell is sealed, and calls the backend.
 */
@ProviderType
public interface WriteBufferingBackend extends CounterBackend {

    /**
     * Returns the buffer of a namespace. Each call may return another object; all show the same cells. Never blocks.
     *
     * @return null if this backend does not buffer additions
     */
    AdditionBuffer additionBuffer(String namespace);
}
