package org.counterex.jmx.provider;

import java.util.List;
import javax.management.JMException;

/** The registry as a whole. */
public interface RegistryMXBean {

    /** The number of namespaces that have counters. */
    int getNamespaces();

    /** The number of namespaces that have a bean of their own; the first by name. */
    int getNamespaceBeans();

    /** The highest number of namespaces that have a bean. For others, use the operations of this one. */
    int getMostNamespaceBeans();

    /** Whether there are more namespaces than beans. */
    boolean isNamespaceBeansCut();

    /** The active backends, one line each. */
    List<String> getBackends();

    /** The routes, one line each, in the order in which they are asked. */
    List<String> getRoutes();

    /** The last moves, one line each, newest first. */
    List<String> getMoves();

    /** The value of a counter; null if it is absent. */
    Long get(String namespace, String key) throws JMException;

    /** Gives a counter a value; returns it. */
    long set(String namespace, String key, long value) throws JMException;

    /** Gives a counter the value 0; returns that. */
    long reset(String namespace, String key) throws JMException;

    /** Moves a namespace to a backend: a type, a name or a filter. Returns what came of it in one line. */
    String swap(String namespace, String backend) throws JMException;

    /** Where a namespace lives, where it resolves to, and why, in one line. */
    String explain(String namespace) throws JMException;
}
