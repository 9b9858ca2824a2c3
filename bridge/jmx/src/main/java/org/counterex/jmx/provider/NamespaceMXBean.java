package org.counterex.jmx.provider;

import java.math.BigInteger;
import java.util.SortedMap;
import javax.management.JMException;

/** One namespace. What is not carried out is thrown as a plain exception with one line, which any client can read. */
public interface NamespaceMXBean {

    /** The name, as it is. */
    String getNamespace();

    /** The number of counters. */
    long getCounters();

    /** The sum of all values; reads every counter. */
    BigInteger getTotal() throws JMException;

    /** Where it lives: a backend as {@code type/name}, {@code parking} or {@code unplaced}. */
    String getHome();

    /** Where it resolves to. */
    String getResolved();

    /** Why it resolves there. */
    String getReason();

    /** Whether a move is under way. */
    boolean isMoving();

    /** The value of a counter; null if it is absent. */
    Long get(String key) throws JMException;

    /** The first counters in the order of their keys. */
    SortedMap<String, Long> list(String from, int most) throws JMException;

    /** Gives a counter a value; returns it. */
    long set(String key, long value) throws JMException;

    /** Gives a counter the value 0; returns that. */
    long reset(String key) throws JMException;

    /** Moves the namespace to a backend: a type, a name or a filter. Returns what came of it in one line. */
    String swap(String backend) throws JMException;
}
