package org.counterex.shell.provider;

/**
 * How fast a backend counts: calls per second of all threads together.
 *
 * @param backend as {@code type/name}
 */
record Throughput(String backend, int threads, long incByName, long incByHandle, long add) {}
