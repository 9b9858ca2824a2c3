package org.counterex.registry.provider.placement;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where the counters of a namespace are at one moment: immutable, replaced as a whole.
 *
 * @param current where counters live, or are handed over to; new ones are created here
 * @param sources where counters may still be that were not handed over yet, oldest first
 * @param closed whether no counter may be created, because room is being reserved elsewhere: for some microseconds
 * @param move what is under way; null if nothing is, or nothing worth a record
 */
public record Placement(CounterStore active, List<CounterStore> sources, boolean frozen, OngoingMove move) {

    public static Placement settled(CounterStore home) {
        return new Placement(home, List.of(), false, null);
    }

    /** Whether counters are in {@link #active} alone. */
    public boolean isSettled() {
        return sources.isEmpty();
    }

    public Placement freeze() {
        return new Placement(active, sources, true, move);
    }

    /** The same counters on their way to another home. */
    public Placement movingTo(CounterStore target, OngoingMove nextMove) {
        // A plain backend may be a source and become the home again; a table never does.
        return new Placement(target, stores().filter(home -> home != target).toList(), false, nextMove);
    }

    /** The same with one more place that holds counters of the namespace. */
    public Placement absorbing(CounterStore source, OngoingMove nextMove) {
        return new Placement(
                active, Stream.concat(sources.stream(), Stream.of(source)).toList(), false, nextMove);
    }

    /** The same on account of another move. */
    public Placement with(OngoingMove nextMove) {
        return new Placement(active, sources, frozen, nextMove);
    }

    public Placement without(CounterStore source) {
        return new Placement(
                active, sources.stream().filter(home -> home != source).toList(), frozen, move);
    }

    /** All places, oldest first. */
    public Stream<CounterStore> stores() {
        return Stream.concat(sources.stream(), Stream.of(active));
    }

    public boolean anyStore(Predicate<CounterStore> condition) {
        return stores().anyMatch(condition);
    }

    public long size() {
        return stores().mapToLong(CounterStore::size)
                .sum(); // in this order: a counter that moves meanwhile counts twice, not never
    }
}
