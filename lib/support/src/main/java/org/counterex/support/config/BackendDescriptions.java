package org.counterex.support.config;

/**
 * Descriptions of the settings that every configurable backend has, for the attribute definitions of its configuration
 * type: an annotation type cannot inherit them.
 */
public final class BackendDescriptions {

    /** Describes the setting {@code name}. */
    public static final String NAME =
            "Identifies this instance among those of its type; by default the name of its factory configuration";

    /** Describes the setting {@code namespaces}. */
    public static final String NAMESPACES =
            "Globs of the namespaces that this backend claims: * any characters, ? one, \\ escapes";

    /** Describes the setting {@code ranking}. */
    public static final String RANKING = "Precedence among backends that match equally; the highest wins";

    private BackendDescriptions() {}
}
