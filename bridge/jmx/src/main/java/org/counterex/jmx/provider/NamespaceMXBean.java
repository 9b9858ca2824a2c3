package org.counterex.jmx.provider;

import java.math.BigInteger;
import java.util.SortedMap;
import javax.management.JMException;

/**
 * Attributes and operations of one namespace. An operation that fails throws a {@link JMException} with a one-line
 * message, a class that every client has.
 */
public interface NamespaceMXBean {

    /** Returns the name of the namespace, unquoted. */
    String getNamespace();

    /** Returns the number of counters. */
    long getCounters();

    /** Returns the sum of all values. Reads every counter. */
    BigInteger getTotal() throws JMException;

    /** Returns where the counters are: a backend as {@code type/name}, {@code parking} or {@code unplaced}. */
    String getBackend();

    /** Returns the backend that routes, claims and the default select for the namespace. */
    String getTargetBackend();

    /** Returns why that backend is selected. */
    String getReason();

    /** Returns whether a move of the namespace is in progress. */
    boolean isMoving();

    /** Returns the value of a counter, or null if it is absent. */
    Long get(String key) throws JMException;

    /**
     * Returns counters in the order of their keys.
     *
     * @param from the first key; null for the very first
     * @param limit the maximum number of counters, 1 to 10,000
     */
    SortedMap<String, Long> list(String from, int limit) throws JMException;

    /** Sets the value of a counter and returns it. */
    long set(String key, long value) throws JMException;

    /** Sets the value of a counter to 0 and returns 0. */
    long reset(String key) throws JMException;

    /**
     * Moves the namespace to a backend, given as a type, a name or a filter. Returns the record of the move in one
     * line.
     */
    String swap(String backend) throws JMException;
}
