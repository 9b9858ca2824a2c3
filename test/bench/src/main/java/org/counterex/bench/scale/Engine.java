package org.counterex.bench.scale;

import java.util.PriorityQueue;

/** A clock, and what is to happen when. Two events of the same time happen in the order in which they were asked for. */
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

    /** Nanoseconds since the beginning. */
    long now() {
        return now;
    }

    /** Has something happen so many nanoseconds from now. */
    void after(long ns, Runnable what) {
        events.add(new Event(now + ns, number++, what));
    }

    /** Lets happen what is due by a time, that included; the clock then stands there. */
    void runUntil(long end) {
        while (!events.isEmpty() && events.peek().at <= end) {
            Event event = events.poll();
            now = event.at;
            event.what.run();
        }
        now = Math.max(now, end);
    }
}
