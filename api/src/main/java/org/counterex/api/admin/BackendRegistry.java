package org.counterex.api.admin;

import java.util.List;
import org.counterex.api.MoveRefusedException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Administration service: resolves namespaces to backends, moves them, and reports where they are.
 *
 * <p><b>Resolution</b> is a pure function of the routes, the active backends and the name of the namespace. The first of
 * these that yields an active backend decides: routes without wildcards, then routes with wildcards, each in the order of
 * descending {@code ranking}; backends that claim the namespace; the default. The default is {@code ets}, or else the
 * backend with the highest {@code service.ranking}, then the lowest {@code service.id}; it is never a backend that retains
 * its values.
 *
 * <p><b>Globs</b> match the whole name: {@code *} stands for any number of characters, {@code ?} for one, {@code \} quotes
 * the next.
 *
 * <p><b>Threads.</b> Any method may be called from any thread at any time. Returned objects are snapshots, which the caller
 * may modify.
 */
@ProviderType
public interface BackendRegistry {

    /** The PID of the registry's own configuration. */
    String PID = "org.counterex.registry";

    /** The factory PID of routes: {@code namespaces} (globs), {@code target} (filter), {@code ranking}. */
    String ROUTE_PID = "org.counterex.route";

    /** The factory PID of periodic sweeps: {@code namespaces} (globs), {@code intervalMs}. */
    String SWEEP_PID = "org.counterex.sweep";

    /** Returns the active backends, in the order in which the default is chosen among them. */
    List<BackendDTO> backends();

    /** Returns the routes, in the order in which they are evaluated. */
    List<RouteDTO> routes();

    /** Returns every namespace that has counters, sorted by name. */
    List<NamespaceDTO> namespaces();

    /**
     * Returns where a namespace is placed, where it resolves to, and why. It need not have counters, and is not created.
     *
     * @throws IllegalArgumentException the name is invalid
     */
    NamespaceDTO explain(String namespace);

    /**
     * Moves a namespace to a backend and waits until the move has ended. Also stores a route for exactly this name, which
     * precedes all globs and survives restarts. The namespace need not have counters.
     *
     * @param backend a type, a name, or a filter on service properties of backends
     * @return the record of the move; its outcome is {@code unchanged} if the namespace was placed there already
     * @throws IllegalArgumentException the name or filter is invalid, or no active backend matches; nothing was changed
     * @throws MoveRefusedException the backend cannot hold all counters; counters and routes are unchanged
     */
    MoveDTO swap(String namespace, String backend);

    /**
     * Stores a route for all namespaces that match a glob, and waits until the resulting moves have ended. It replaces an
     * earlier route of the same glob and survives restarts. A namespace that its new backend cannot hold stays where it is,
     * which is recorded as a refused move.
     *
     * @param filter a filter on service properties of backends, for instance {@code (counterex.backend=atomics)}; it need
     *     not match an active backend
     * @return the records of the resulting moves
     * @throws IllegalArgumentException the glob or filter is invalid; nothing was changed
     */
    List<MoveDTO> route(String glob, String filter);

    /**
     * Removes the route of a glob and waits until the resulting moves have ended. The glob of the route that {@link #swap}
     * stores is the name, {@linkplain #quote quoted}.
     *
     * @return the records of the resulting moves
     * @throws IllegalArgumentException there is no such route; nothing was changed
     */
    List<MoveDTO> unroute(String glob);

    /**
     * Waits until everything counted in a namespace before this call has reached the storage of its backend: the disk, for a
     * backend with a file. Returns at once if the values are in memory only, or are collected for a backend that is
     * detached.
     *
     * @throws IllegalArgumentException the name is invalid
     * @throws org.counterex.api.BackendUnavailableException the backend cannot write at present; no count is lost
     */
    void flush(String namespace);

    /** Returns the last 10,000 moves, oldest first. */
    default List<MoveDTO> moves() {
        return moves(0, Integer.MAX_VALUE);
    }

    /**
     * Returns the newest of the moves recorded after a given one, oldest first. For callers that poll: the cost depends on
     * what is returned, not on the length of the record.
     *
     * @param afterId the {@link MoveDTO#id} after which to begin; 0 for the oldest move of the record
     * @param limit the largest number of moves to return; if more were recorded, the oldest of them are left out
     * @throws IllegalArgumentException an argument is negative
     */
    List<MoveDTO> moves(long afterId, int limit);

    /** Returns the glob that matches exactly this name. */
    static String quote(String namespace) {
        return namespace.replaceAll("[*?\\\\]", "\\\\$0");
    }
}
