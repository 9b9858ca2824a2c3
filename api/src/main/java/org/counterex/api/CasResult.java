package org.counterex.api;

/**
 * The outcome of a compare-and-swap.
 *
 * @param swapped whether the counter had the expected value and now has the new one
 * @param value the new value if it was swapped, otherwise the value that was met; an absent counter reads as 0
 */
public record CasResult(boolean swapped, long value) {}
