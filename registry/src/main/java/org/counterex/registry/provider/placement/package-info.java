/**
 * The stores that hold the counters of a namespace, and the placement that combines them during a move. Start with
 * {@link org.counterex.registry.provider.placement.Placement}, then
 * {@link org.counterex.registry.provider.placement.CounterStore}. This package depends on the handles and locks of
 * {@link org.counterex.registry.provider.backend} only.
 */
package org.counterex.registry.provider.placement;
