package org.counterex.api.backend.table;

import org.counterex.api.backend.CounterBackend;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Backend that buffers additions in this process before it sends them to its storage, and lets callers add to the
 * buffer without calling it. An extension for backends of shared values ({@link CounterBackend#RETENTION_SHARED}). It
 * changes none of their guarantees, and {@link CounterBackend#add} has the same effect through a call.
 *
 * <p><b>Cells.</b> The additions to a counter that are not sent yet are in one open cell. Before it sends them, takes
 * or sets the counter, or performs any other operation that depends on them, the backend <em>seals</em> the cell: its
 * content then precedes that operation. A late addition finds the cell sealed by its raw result, and the caller calls
 * the backend.
 */
@ProviderType
public interface WriteBufferingBackend extends CounterBackend {

    /**
     * Returns the buffer of the additions to a namespace. Each call may return another object; all have the same cells.
     * Does not block.
     *
     * @return null if this backend does not buffer additions
     */
    @Nullable
    AdditionBuffer additionBuffer(String namespace);
}
