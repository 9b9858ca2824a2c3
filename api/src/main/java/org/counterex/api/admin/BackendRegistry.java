package org.counterex.api.admin;

import java.util.List;
import org.counterex.api.MoveRefusedException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Administration of the registry, which resolves namespaces to backends and moves them.
 *
 * <p><b>Resolution</b> is a pure function of routes, active backends and the name of the namespace, in this order: the
 * first route with an active match, routes that name the namespace itself before those with wildcards, higher
 * {@code ranking} first; then backends that claim the namespace; then the default, which is {@code ets}, else the
 * backend with the highest {@code service.ranking}, else the lowest {@code service.id}, and never one that retains its
 * values.
 *
 * <p><b>Globs</b> match the whole name: {@code *} is any run of characters, {@code ?} one, {@code \} quotes the next.
 *
 * <p><b>Threads.</b> Any method may be called from any thread. Results are snapshots and belong to the caller.
 */
@ProviderType
public interface BackendRegistry {

    /** The PID of the registry's own configuration. */
    String PID = "org.counterex.registry";

    /** The factory PID of routes: {@code namespaces} (globs), {@code target} (filter), {@code ranking}. */
    String ROUTE_PID = "org.counterex.route";

    /** The factory PID of periodic sweeps: {@code namespaces} (globs), {@code intervalMs}. */
    String SWEEP_PID = "org.counterex.sweep";

    /** Returns the active backends, in the order in which the default chooses among them. */
    List<BackendDTO> backends();

    /** Returns the routes, in the order in which they apply. */
    List<RouteDTO> routes();

    /** Returns every namespace that has counters, sorted by name. */
    List<NamespaceDTO> namespaces();

    /**
     * Returns where a namespace is placed, where it resolves to, and why. It need not have counters.
     *
     * @throws IllegalArgumentException the name is invalid
     */
    NamespaceDTO explain(String namespace);

    /**
     * Moves a namespace to a backend and stores a route for this one name, which precedes all globs and outlives
     * restarts. Returns when the move is complete. The namespace need not have counters.
     *
     * @param backend a type, a name, or a filter on service properties of backends
     * @return the record of the move; outcome {@code unchanged} if the namespace was placed there already
     * @throws IllegalArgumentException the name or filter is invalid, or no active backend matches; nothing was changed
     * @throws MoveRefusedException the backend cannot hold all counters; counters and routes are unchanged
     */
    MoveDTO swap(String namespace, String backend);

    /**
     * Adds a route for every namespace that matches a glob, or replaces the route of the same glob; it outlives
     * restarts. Returns when the moves that follow are complete. A namespace that its new backend cannot hold stays,
     * with a record that says so.
     *
     * @param filter on service properties of backends, for instance {@code (counterex.backend=atomics)}; it need not
     *     match a backend yet
     * @return the records of the moves that followed
     * @throws IllegalArgumentException the glob or filter is invalid; nothing was changed
     */
    List<MoveDTO> route(String glob, String filter);

    /**
     * Removes the route of a glob; for a swap, the glob is the name, {@linkplain #quote quoted}. Returns when the moves
     * that follow are complete.
     *
     * @return the records of the moves that followed
     * @throws IllegalArgumentException there is no such route; nothing was changed
     */
    List<MoveDTO> unroute(String glob);

    /**
     * Waits until everything that was counted in a namespace before this call is stored by its backend, for instance on
     * disk. Does nothing if the values are in memory only, or the backend is absent.
     *
     * @throws IllegalArgumentException the name is invalid
     * @throws org.counterex.api.BackendUnavailableException the backend cannot write at present; the counters are
     *     unchanged
     */
    void flush(String namespace);

    /** Returns the last 10,000 moves, oldest first. */
    default List<MoveDTO> moves() {
        return moves(0, Integer.MAX_VALUE);
    }

    /**
     * Returns the newest of the moves recorded after a given one, oldest first. For callers that poll: the cost depends
     * on what is returned, not on the length of the record.
     *
     * @param afterId the {@link MoveDTO#id} after which to begin; 0 for the oldest move of the record
     * @param limit the largest number of moves to return; if more were recorded, the oldest of them are left out
     * @throws IllegalArgumentException an argument is negative
     */
    List<MoveDTO> moves(long afterId, int limit);

    /** Returns the glob that matches exactly one name. */
    static String quote(String namespace) {
        return namespace.replaceAll("[*?\\\\]", "\\\\$0");
    }
}
