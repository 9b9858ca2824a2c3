package org.counterex.api.admin;

import org.osgi.dto.DTO;

/** State of a namespace: its backend, the backend that it resolves to, and why. */
public class NamespaceDTO extends DTO {
    /** The name. */
    public String namespace;

    /** The number of counters; an estimate while the namespace is being moved. */
    public long counters;

    /**
     * The backend it is placed in, as {@code type/name}; {@code type/name (detached)} if that has left with its values;
     * {@code parking}; or {@code unplaced} as long as it has no counters.
     */
    public String backend;

    /** The backend it resolves to, as {@code type/name}; {@code parking} if none is available. */
    public String targetBackend;

    /** The reason why it resolves there, in one sentence. */
    public String reason;

    /** Whether a move is in progress. */
    public boolean moving;
}
