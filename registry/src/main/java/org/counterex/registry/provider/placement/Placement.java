package org.counterex.registry.provider.placement;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Placement of a namespace at one moment: its stores and the move under way. Immutable; replaced as a whole.
 *
 * @param active the store in which counters are, or to which they are transferred; new ones are created here
 * @param sources stores that may still hold counters to be transferred, oldest first
 * @param frozen whether no counter may be created, because room is being reserved in another store: for some
 *     microseconds
 * @param move the move under way; null if there is none, or none that is recorded
 */
public record Placement(CounterStore active, List<CounterStore> sources, boolean frozen, OngoingMove move) {

    /** Returns the placement in one store, without a move. */
    public static Placement settled(CounterStore store) {
        return new Placement(store, List.of(), false, null);
    }

    /** Returns whether all counters are in the active store. */
    public boolean isSettled() {
        return sources.isEmpty();
    }

    /** Returns the same placement, in which no counter may be created. */
    public Placement freeze() {
        return new Placement(active, sources, true, move);
    }

    /** Returns the placement in which all present stores are sources and a target is active. */
    public Placement movingTo(CounterStore target, OngoingMove nextMove) {
        // A store without tables may be a source and become active again; a table never does.
        return new Placement(target, stores().filter(store -> store != target).toList(), false, nextMove);
    }

    /** Returns the placement with one more store that holds counters of the namespace. */
    public Placement absorbing(CounterStore source, OngoingMove nextMove) {
        return new Placement(
                active, Stream.concat(sources.stream(), Stream.of(source)).toList(), false, nextMove);
    }

    /** Returns the same stores with another move. */
    public Placement with(OngoingMove nextMove) {
        return new Placement(active, sources, frozen, nextMove);
    }

    /** Returns the placement without one of its sources. */
    public Placement without(CounterStore source) {
        return new Placement(
                active, sources.stream().filter(store -> store != source).toList(), frozen, move);
    }

    /** Returns all stores, oldest first. */
    public Stream<CounterStore> stores() {
        return Stream.concat(sources.stream(), Stream.of(active));
    }

    /** Returns whether a store fulfils a condition. */
    public boolean anyStore(Predicate<CounterStore> condition) {
        return stores().anyMatch(condition);
    }

    /** Returns the number of counters. A counter that is transferred meanwhile may count twice, but is never missed. */
    public long size() {
        return stores().mapToLong(CounterStore::size).sum(); // sources first
    }
}
