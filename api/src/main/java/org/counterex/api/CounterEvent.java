package org.counterex.api;

import java.util.OptionalLong;

/**
 * One completed operation on counters, as reported to a {@link CounterListener}.
 *
 * @param backend the backend of the namespace at the end of the call, as {@code type/name}, or {@code parking}; during
 *     a move the counter may still have been in the source
 * @param operation the kind of operation
 * @param namespace the namespace
 * @param key the key of the counter; empty if the operation was on the whole namespace
 * @param amount the step, or the value to set; for {@link Operation#DRAIN} and {@link Operation#DELETE_NAMESPACE} the
 *     number of counters removed; for {@link Operation#DELETE} 0
 * @param value the value after the operation, the final value of a deleted counter, or the value that a
 *     compare-and-swap found instead of the expected one; empty if the operation returns no value, failed, or deleted
 *     an absent counter
 * @param success whether the operation took effect: false if the call ended with a {@link CounterException}, and for a
 *     compare-and-swap that found another value
 */
public record CounterEvent(
        String backend,
        Operation operation,
        String namespace,
        String key,
        long amount,
        OptionalLong value,
        boolean success) {

    /** The operations that change counters. */
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

        /** {@link CounterNamespace#drain}, also by a periodic sweep. */
        DRAIN("drain"),

        /** {@link CounterNamespace#deleteAll}. */
        DELETE_NAMESPACE("delete_namespace");

        private final String text;

        Operation(String text) {
            this.text = text;
        }

        /**
         * Returns the lower-case text that {@link CounterListener#OPERATIONS} uses and that appears wherever an
         * operation is shown.
         */
        public String text() {
            return text;
        }
    }
}
