package org.counterex.api.admin;

import org.osgi.dto.DTO;

/** Record of one move of one namespace. */
public class MoveDTO extends DTO {
    /** The number of the move since the registry was started, from 1. */
    public long id;

    /** The time at which it began, in ms since 1970-01-01T00:00Z. */
    public long time;

    /** The namespace. */
    public String namespace;

    /** The source: a backend as {@code type/name}, or {@code parking}. */
    public String from;

    /** The target, in the same form. */
    public String to;

    /** The cause, for instance {@code swap}. */
    public String cause;

    /** The number of counters transferred. */
    public long counters;

    /** The sum of the values transferred, a decimal number that may exceed 64 bits. */
    public String sum;

    /** The duration in microseconds. */
    public long durationUs;

    /** How it ended. */
    public Outcome outcome;

    /** The reason for the outcome; empty if there is nothing to add. */
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
