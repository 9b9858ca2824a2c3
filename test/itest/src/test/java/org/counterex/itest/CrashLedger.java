package org.counterex.itest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Record of what a {@link CrashClient} reported, with the check of the values it recovers after a restart.
 *
 * <p>For each counter: the acknowledged value, the value that the call in flight would produce, and the value that must
 * be on disk. An absent counter is 0. The moving namespace is as a whole in a file or in memory, or in transfer.
 */
final class CrashLedger {

    private static final class Entry {
        /** The value after the last call that returned. */
        private long done;

        /** The value after the call that may be in flight. */
        private long will;

        /** The minimum value on disk. */
        private long durable;

        private Entry(long value) {
            done = value;
            will = value;
            durable = value;
        }
    }

    /** The location of the namespace {@code moved}. */
    private enum Place {
        MEMORY,
        FILE,
        MOVING_IN,
        MOVING_OUT
    }

    private record Acknowledged(long value, long nanos) {}

    private record Flushes(long number, long[] done) {}

    private static final String SHARED = "commit shared";

    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, Long> found = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, List<Acknowledged>> acknowledged = new TreeMap<>();
    private final List<Flushes> flushes = new ArrayList<>();
    private Place place = Place.MEMORY;
    private String lastMove = "";
    private boolean released;
    private boolean begun;
    private boolean releaseObserved;
    private long killed;
    private long longestWindow;
    private long calls;
    private long unwritten;

    /** Processes a line of the client's output. */
    synchronized void take(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "value" -> found.put(words[1] + " " + words[2], Long.parseLong(words[3]));
            case "backend" -> compare(words[1]);
            case "begin" -> {
                begun = true;
                entries.putIfAbsent(SHARED, new Entry(0));
            }
            case "will" -> entry(words).will = Long.parseLong(words[3]);
            case "done" -> done(words);
            case "durable" -> makeDurable(entry(words), Long.parseLong(words[3]));
            case "added" -> added(entry(words), Long.parseLong(words[3]));
            case "flushes" -> flushed(words);
            case "moving" -> moving(words[1].equals("in"));
            case "moved" -> {
                place = words[1].equals("in") ? Place.FILE : Place.MEMORY;
                lastMove = words[1];
            }
            case "unwritten" -> {
                unwritten++;
                lastMove = words[1];
            }
            default -> problems.add(line);
        }
    }

    private Entry entry(String[] words) {
        return entries.computeIfAbsent(words[1] + " " + words[2], absent -> new Entry(0));
    }

    private void done(String[] words) {
        Entry entry = entry(words);
        entry.done = Long.parseLong(words[3]);
        calls++;
        if (words[1].equals("commit")) {
            entry.durable = entry.done;
        }
        if (words.length > 4) {
            acknowledged
                    .computeIfAbsent(words[1] + " " + words[2], absent -> new ArrayList<>())
                    .add(new Acknowledged(entry.done, Long.parseLong(words[4])));
        }
    }

    private static void makeDurable(Entry entry, long value) {
        entry.durable = Math.max(entry.durable, value);
    }

    private void added(Entry entry, long step) {
        calls++;
        entry.done += step;
        entry.will = entry.done;
        entry.durable = entry.done;
    }

    /**
     * A flush in progress at an acknowledgement may have started before it; the next flush starts after it. Hence
     * everything acknowledged before {@code n} flushes were counted is on disk when {@code n + 2} are.
     */
    private void flushed(String[] words) {
        long number = Long.parseLong(words[1]);
        flushes.add(new Flushes(number, new long[] {Long.parseLong(words[2]), Long.parseLong(words[3])}));
        flushes.removeIf(earlier -> {
            boolean safe = earlier.number() <= number - 2;
            for (int i = 0; safe && i < earlier.done().length; i++) {
                makeDurable(entry(new String[] {"", "interval", "own" + i}), earlier.done()[i]);
            }
            return safe;
        });
    }

    private void moving(boolean in) {
        if (in && place != Place.FILE) {
            place = Place.MOVING_IN;
            movedEntries().forEach(entry -> entry.durable = entry.done);
        } else if (!in && place == Place.FILE) {
            place = Place.MOVING_OUT;
            released = false;
        }
    }

    /** Records that the move out of the file has released the namespace from it. */
    synchronized void released() {
        released = true;
    }

    private Stream<Entry> movedEntries() {
        return entries.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("moved "))
                .map(Map.Entry::getValue);
    }

    /** Records the death of the process. */
    synchronized void killed() {
        killed = System.nanoTime();
        found.clear();
        begun = false;
        lastMove = "";
        if (!releaseObserved && place == Place.MOVING_OUT) {
            released = true; // not observed, so possible
        }
    }

    /** From now on {@link #released} is called when a file releases a namespace. */
    synchronized void releaseIsObserved() {
        releaseObserved = true;
    }

    synchronized boolean hasBegun() {
        return begun;
    }

    /** Returns whether the last move had this direction. */
    synchronized boolean isMoved(String where) {
        return lastMove.equals(where);
    }

    /** Returns the problems found, one line each. */
    synchronized Collection<String> problems() {
        return List.copyOf(problems);
    }

    /** Returns the longest time from a lost acknowledgement in {@code interval} to the death of the process. */
    synchronized long longestWindowMs() {
        return longestWindow / 1_000_000;
    }

    /** Returns the number of acknowledged calls or batches. */
    synchronized long calls() {
        return calls;
    }

    /** Returns the number of moves that ended before they were durable. */
    synchronized long unwritten() {
        return unwritten;
    }

    private void compare(String backend) {
        boolean anyMoved = found.keySet().stream().anyMatch(counter -> counter.startsWith("moved "));
        entries.forEach((counter, entry) -> {
            if (!counter.startsWith("hand ")) {
                compare(counter, entry, found.getOrDefault(counter, 0L), anyMoved);
            }
        });
        compareHand();
        found.keySet().stream()
                .filter(counter -> !entries.containsKey(counter) && !counter.startsWith("hand "))
                .forEach(counter -> problems.add("unexpected counter: " + counter));
        Entry hand = entries.get("hand k");
        entries.clear();
        found.forEach((counter, value) -> entries.put(counter, new Entry(value)));
        if (hand != null) {
            entries.put("hand k", new Entry(found.getOrDefault("hand k0", 0L)));
        }
        acknowledged.clear();
        flushes.clear();
        place = backend.startsWith("mvstore/") ? Place.FILE : Place.MEMORY;
    }

    private void compare(String counter, Entry entry, long value, boolean anyMoved) {
        boolean valid;
        if (counter.startsWith("moved ")) {
            valid = switch (place) {
                case MEMORY -> value == 0;
                case MOVING_IN -> value <= entry.will;
                case FILE -> value >= entry.durable && value <= entry.will;
                case MOVING_OUT -> value <= entry.will && (value >= entry.durable || !anyMoved && released);
            };
        } else if (counter.equals(SHARED)) {
            valid = value >= entry.done && value <= entry.done + CrashClient.SHARING * CrashClient.STEP;
        } else if (counter.startsWith("commit ")) {
            valid = value == entry.done || value == entry.will;
        } else {
            valid = value >= entry.durable && value <= entry.will;
            window(counter, value);
        }
        if (!valid) {
            problems.add("wrong value: counter=" + counter + " actual=" + value + " acknowledged=" + entry.done
                    + " inFlight=" + entry.will + " durable=" + entry.durable
                    + (counter.startsWith("moved ") ? " place=" + place : ""));
        }
    }

    private void window(String counter, long value) {
        acknowledged.getOrDefault(counter, List.of()).stream()
                .filter(each -> counter.startsWith("interval ") && each.value() > value)
                .findFirst()
                .ifPresent(each -> longestWindow = Math.max(longestWindow, killed - each.nanos()));
    }

    /** Counters that were incremented together and then flushed must be equal. */
    private void compareHand() {
        Entry entry = entries.get("hand k");
        if (entry == null) {
            return;
        }
        long first = found.getOrDefault("hand k0", 0L);
        for (int i = 0; i < CrashClient.TOGETHER; i++) {
            long value = found.getOrDefault("hand k" + i, 0L);
            if (value != first || value < entry.durable || value > entry.will) {
                problems.add("wrong value: counter=hand k" + i + " actual=" + value + " k0=" + first + " durable="
                        + entry.durable + " inFlight=" + entry.will);
            }
        }
    }
}
