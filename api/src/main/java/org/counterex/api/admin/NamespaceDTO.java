package org.counterex.api.admin;

import org.osgi.dto.DTO;

/** A namespace: where it lives, where it resolves to, and why. */
public class NamespaceDTO extends DTO {
    /** The name. */
    public String namespace;

    /** The number of counters, for a moving namespace an estimate. */
    public long counters;

    /** Where it lives: a backend as {@code type/name}, {@code parking}, or {@code unplaced} as long as it has no counter. */
    public String backend;

    /** Where it resolves to: a backend as {@code type/name}, {@code parking} or {@code unplaced}. */
    public String targetBackend;

    /** One sentence that says why it resolves there. */
    public String reason;

    /** Whether a move is under way. */
    public boolean moving;
}
