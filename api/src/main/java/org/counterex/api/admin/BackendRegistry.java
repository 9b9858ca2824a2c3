package org.counterex.api.admin;

import java.util.List;
import org.counterex.api.MoveRefusedException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service that resolves namespaces to backends and moves them, for those who administer and inspect it.
 *
 * <p><b>Resolution</b> is a pure function of routes, active backends and the name of the namespace, in this order: the
 * first route with an active match, routes that name the namespace itself before those with wildcards, higher
 * {@code ranking} first; then backends that claim the namespace; then the default, which is {@code ets}, else the
 * backend with the highest {@code service.ranking}, else the lowest {@code service.id}, and never one that keeps its
 * values.
 *
 * <p><b>Globs</b> match the whole name: {@code *} is any run of characters, {@code ?} one, {@code \} quotes the next.
 *
 * <p><b>Threads.</b> Any method may be called from any thread. What is returned is a snapshot, the caller's own.
 */
@ProviderType
public interface BackendRegistry {

    /** The PID of the registry's own configuration. */
    String PID = "org.counterex.registry";

    /** The factory PID of routes: {@code namespaces} (globs), {@code target} (filter), {@code ranking}. */
    String ROUTE_PID = "org.counterex.route";

    /** The factory PID of periodic sweeps: {@code namespaces} (globs), {@code intervalMs}. */
    String SWEEP_PID = "org.counterex.sweep";

    /** The active backends, in the order in which the default would choose among them. */
    List<BackendDTO> backends();

    /** The routes, in the order in which they are asked. */
    List<RouteDTO> routes();

    /** Every namespace that has counters, by name. */
    List<NamespaceDTO> namespaces();

    /**
     * Where a namespace lives, where it resolves to, and why. It need not have counters.
     *
     * @throws IllegalArgumentException the name is invalid
     */
    NamespaceDTO explain(String namespace);

    /**
     * Moves a namespace and keeps that as a route for this one name, ahead of all globs and through restarts. Returns
     * when the move is done. The namespace need not have counters.
     *
     * @param backend a type, a name, or a filter on service properties of backends
     * @return the record of the move; outcome {@code unchanged} if the namespace lived there already
     * @throws IllegalArgumentException the name or filter is invalid, or no active backend matches; nothing was changed
     * @throws MoveRefusedException the backend cannot hold all counters; they and the routes are as they were
     */
    MoveDTO swap(String namespace, String backend);

    /**
     * Routes every namespace that matches, in the place of an earlier route of the same glob, through restarts. Returns
     * when the moves that follow are done. A namespace that its new backend cannot hold stays, with a record that says so.
     *
     * @param filter on service properties of backends, for instance {@code (counterex.backend=atomics)}; it need not
     *     match a backend yet
     * @return the records of the moves that followed
     * @throws IllegalArgumentException the glob or filter is invalid; nothing was changed
     */
    List<MoveDTO> route(String glob, String filter);

    /**
     * Takes the route of a glob back; for a swap, the glob is the name, {@linkplain #quote quoted}. Returns when the
     * moves that follow are done.
     *
     * @return the records of the moves that followed
     * @throws IllegalArgumentException there is no such route; nothing was changed
     */
    List<MoveDTO> unroute(String glob);

    /**
     * Returns when all that was counted in a namespace before this call is where its backend keeps it: on disk, for one that
     * has a file. Where values live in memory alone, or wait for a backend, there is nothing to do.
     *
     * @throws IllegalArgumentException the name is invalid
     * @throws org.counterex.api.BackendUnavailableException the backend cannot write at present; all counts are as they were
     */
    void flush(String namespace);

    /** Returns the last 10,000 moves, oldest first. */
    default List<MoveDTO> moves() {
        return moves(0, Integer.MAX_VALUE);
    }

    /**
     * Returns the newest of the moves recorded after a given one, oldest first. For callers that poll: the cost depends on what is
     * returned, not on the length of the record.
     *
     * @param afterId the {@link MoveDTO#id} after which to begin; 0 for the oldest move of the record
     * @param limit the largest number of moves to return; if more were recorded, the oldest of them are left out
     * @throws IllegalArgumentException an argument is negative
     */
    List<MoveDTO> moves(long afterId, int limit);

    /** The glob that matches just this name. */
    static String quote(String namespace) {
        return namespace.replaceAll("[*?\\\\]", "\\\\$0");
    }
}
