package org.counterex.api;

import java.util.OptionalLong;

/**
 * One operation on counters, as a {@link CounterListener} is told of it when it has ended.
 *
 * @param backend where the namespace lived when the call ended, as {@code type/name}, or {@code parking}; while it moves, the
 *     counter may have been elsewhere yet
 * @param operation what was done
 * @param namespace the namespace
 * @param key the counter; empty if the operation was on the whole namespace
 * @param amount the step, or the value to be set; of {@link Operation#DRAIN} and {@link Operation#DELETE_NAMESPACE} the number
 *     of counters that were removed; of {@link Operation#DELETE} 0
 * @param value what the call told: the value after it, the final value of a counter that was deleted, the value that was met
 *     where it was not swapped; empty for operations that tell none, for the deletion of an absent counter and if it failed
 * @param success whether it was done: false if the call ended with a {@link CounterException}, and for a compare-and-swap that
 *     met another value
 */
public record CounterEvent(
        String backend,
        Operation operation,
        String namespace,
        String key,
        long amount,
        OptionalLong value,
        boolean success) {

    /** What can be done to counters and changes them. */
    public enum Operation {
        /** {@link CounterNamespace#inc}. */
        INC("inc"),

        /** {@link CounterNamespace#add}. */
        ADD("add"),

        /** {@link CounterNamespace#set}. */
        SET("set"),

        /** {@link CounterNamespace#reset}. */
        RESET("reset"),

        /** {@link CounterNamespace#delete}. */
        DELETE("delete"),

        /** {@link CounterNamespace#compareAndSwap}. */
        CAS("cas"),

        /** {@link CounterNamespace#drain}; a periodic sweep is one as well. */
        DRAIN("drain"),

        /** {@link CounterNamespace#deleteAll}. */
        DELETE_NAMESPACE("delete_namespace");

        private final String text;

        Operation(String text) {
            this.text = text;
        }

        /** What it is called in {@link CounterListener#OPERATIONS}, and wherever it is shown. */
        public String text() {
            return text;
        }
    }
}
