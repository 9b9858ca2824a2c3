package org.counterex.api.admin;

import org.osgi.dto.DTO;

/** The record of one move of one namespace. */
public class MoveDTO extends DTO {
    /** {@link #outcome}: every counter was handed over. */
    public static final String MOVED = "moved";

    /** {@link #outcome}: the target could not hold the counters and the move did not begin. */
    public static final String REFUSED = "refused";

    /** {@link #outcome}: the target turned out not to hold the counters and they went back. */
    public static final String UNDONE = "undone";

    /** {@link #outcome}: a later move took over before this one was done. */
    public static final String OVERTAKEN = "overtaken";

    /** {@link #outcome}: the source did not answer and was left with what it held. */
    public static final String ABANDONED = "abandoned";

    /** {@link #outcome}: the namespace lived there already. */
    public static final String UNCHANGED = "unchanged";

    /** Counts up from 1 as long as the registry runs. */
    public long id;

    /** When it began, in ms since 1970-01-01T00:00Z. */
    public long time;

    /** The namespace. */
    public String namespace;

    /** Where it lived: a backend as {@code type/name}, or {@code parking}. */
    public String from;

    /** Where it was to live. */
    public String to;

    /** What brought it about, for instance {@code swap}. */
    public String cause;

    /** The number of counters that were handed over. */
    public long counters;

    /** The sum of the values that were handed over, a decimal number that may be wider than 64 bits. */
    public String sum;

    /** How long it took, in microseconds. */
    public long durationUs;

    /** One of the constants of this class. */
    public String outcome;

    /** Why it ended so, if it was not simply done; otherwise empty. */
    public String reason;
}
