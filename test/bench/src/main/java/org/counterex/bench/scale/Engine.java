package org.counterex.bench.scale;

import java.util.PriorityQueue;

/** Clock and event queue of a simulation. Events of the same time run in the order in which they were scheduled. */
final class Engine {

    private record Event(long at, long number, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long number;

    /** Returns the nanoseconds since the start. */
    long now() {
        return now;
    }

    /** Schedules an action in a number of nanoseconds. */
    void after(long ns, Runnable what) {
        events.add(new Event(now + ns, number++, what));
    }

    /** Runs all events up to and including a time, and advances the clock to it. */
    void runUntil(long end) {
        while (!events.isEmpty() && events.peek().at <= end) {
            Event event = events.poll();
            now = event.at;
            event.what.run();
        }
        now = Math.max(now, end);
    }
}
