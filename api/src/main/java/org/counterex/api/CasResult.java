package org.counterex.api;

/**
 * Result of a compare-and-swap.
 *
 * @param swapped whether the counter had the expected value and now has the new one
 * @param value the new value if it was swapped, otherwise the value found instead; 0 for an absent counter
 */
public record CasResult(boolean swapped, long value) {}
