package org.counterex.shell.provider.measure;

/**
 * Throughput of a backend: calls per second of all threads together.
 *
 * @param backend as {@code type/name}
 */
public record Throughput(String backend, int threads, long incByName, long incByHandle, long add) {}
