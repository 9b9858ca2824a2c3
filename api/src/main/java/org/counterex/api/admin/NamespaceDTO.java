package org.counterex.api.admin;

import org.osgi.dto.DTO;

/** Placement of a namespace: where it is, where it resolves to, and why. */
public class NamespaceDTO extends DTO {
    /** The name. */
    public String namespace;

    /** Number of counters; an estimate while the namespace moves. */
    public long counters;

    /**
     * Current placement: a backend as {@code type/name}, {@code parking}, or {@code unplaced} while it has no counters.
     */
    public String backend;

    /** Target placement: a backend as {@code type/name}, or {@code parking}. */
    public String targetBackend;

    /** Reason of the target placement, in one sentence. */
    public String reason;

    /** Whether a move is under way. */
    public boolean moving;
}
