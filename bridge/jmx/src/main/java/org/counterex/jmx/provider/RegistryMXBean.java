package org.counterex.jmx.provider;

import java.util.List;
import javax.management.JMException;

/**
 * Attributes and operations of the registry as a whole. An operation that fails throws a {@link JMException} with a
 * one-line message, a class that every client has.
 */
public interface RegistryMXBean {

    /** Returns the number of namespaces that have counters. */
    int getNamespaces();

    /** Returns the number of namespaces that have an MBean of their own, the first by name. */
    int getNamespaceBeans();

    /** Returns the maximum number of namespaces with an MBean. The operations of this MBean reach the others. */
    int getMaxNamespaceBeans();

    /** Returns whether there are more namespaces than MBeans. */
    boolean isNamespaceBeansTruncated();

    /** Returns the active backends, one line each. */
    List<String> getBackends();

    /** Returns the routes, one line each, in the order in which they are evaluated. */
    List<String> getRoutes();

    /** Returns the most recent moves, one line each, newest first. */
    List<String> getMoves();

    /** Returns the value of a counter, or null if it is absent. */
    Long get(String namespace, String key) throws JMException;

    /** Sets the value of a counter and returns it. */
    long set(String namespace, String key, long value) throws JMException;

    /** Sets the value of a counter to 0 and returns 0. */
    long reset(String namespace, String key) throws JMException;

    /**
     * Moves a namespace to a backend, given as a type, a name or a filter. Returns the record of the move in one line.
     */
    String swap(String namespace, String backend) throws JMException;

    /** Returns where a namespace is, which backend is selected for it, and why, in one line. */
    String explain(String namespace) throws JMException;
}
