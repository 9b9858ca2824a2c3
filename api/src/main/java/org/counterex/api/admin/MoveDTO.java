package org.counterex.api.admin;

import org.osgi.dto.DTO;

/** The record of one move of one namespace. */
public class MoveDTO extends DTO {
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

    /** How it ended. */
    public Outcome outcome;

    /** Why it ended so, if it was not simply done; otherwise empty. */
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
