package org.counterex.shell.provider.measure;

/**
 * How fast a backend counts: calls per second of all threads together.
 *
 * @param backend as {@code type/name}
 */
public record Throughput(String backend, int threads, long incByName, long incByHandle, long add) {}
