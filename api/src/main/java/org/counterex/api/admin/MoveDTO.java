package org.counterex.api.admin;

import org.osgi.dto.DTO;

/** Record of one move of one namespace. */
public class MoveDTO extends DTO {
    /** Number of the move, from 1 since the registry was started. */
    public long id;

    /** Time at which the move began, in milliseconds since 1970-01-01T00:00Z. */
    public long time;

    /** The namespace. */
    public String namespace;

    /** Previous placement: a backend as {@code type/name}, or {@code parking}. */
    public String from;

    /** Target of the move, in the same form. */
    public String to;

    /** Cause of the move, for instance {@code swap}. */
    public String cause;

    /** Number of counters that were transferred. */
    public long counters;

    /** Sum of the values that were transferred, a decimal number that may be wider than 64 bits. */
    public String sum;

    /** Duration in microseconds. */
    public long durationUs;

    /** Outcome of the move. */
    public Outcome outcome;

    /** Reason of the outcome, or a remark; otherwise empty. */
    public String reason;

    /** The ways in which a move can end. */
    public enum Outcome {
        /** Every counter was transferred. */
        MOVED("moved"),

        /** The target could not hold the counters; the move did not begin. */
        REFUSED("refused"),

        /** The target turned out not to hold the counters; they were moved back. */
        UNDONE("undone"),

        /** A later move replaced this one before it was complete. */
        OVERTAKEN("overtaken"),

        /** The source did not answer; what it held stayed there. */
        ABANDONED("abandoned"),

        /** The namespace was placed there already. */
        UNCHANGED("unchanged");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        /** Returns the lower-case text that appears wherever an outcome is shown, {@code moved} for instance. */
        public String text() {
            return text;
        }

        /** Returns {@link #text}. */
        @Override
        public String toString() {
            return text;
        }
    }
}
