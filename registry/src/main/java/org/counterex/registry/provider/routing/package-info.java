/**
 * Placement resolution: routes, claims and the default determine the backends that may host a namespace. Start with
 * {@link org.counterex.registry.provider.routing.PlacementResolver}, a pure function; the mutable state is a single
 * reference in {@link org.counterex.registry.provider.routing.RoutingState}. This package depends on the properties of
 * {@link org.counterex.registry.provider.backend.BackendHandle}, and on nothing else in the registry.
 */
package org.counterex.registry.provider.routing;
