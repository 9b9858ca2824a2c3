package org.counterex.registry.provider.routing;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The current inputs of placement resolution: the routes and the active backends, as one immutable {@link
 * PlacementResolver}.
 *
 * <p>Reads are lock-free and see routes and backends of one moment. Updates are serialized; none is lost. An update
 * moves nothing: the caller requests the reconciliation that applies it.
 */
public final class RoutingState {

    private volatile PlacementResolver current = new PlacementResolver(List.of(), List.of());

    /** Returns the current resolver. */
    public PlacementResolver current() {
        return current;
    }

    /** Replaces the current resolver by the result of a function of it. */
    public synchronized void update(UnaryOperator<PlacementResolver> change) {
        current = change.apply(current);
    }
}
