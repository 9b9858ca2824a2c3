package org.counterex.itest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a {@link CrashClient} has said, and whether what it finds in its next life is what has to be there.
 *
 * <p>Of a counter it is known what was acknowledged, what the call that was under way would make of it, and what has to be on
 * disk. An absent counter is 0. A namespace that moves is in a file as a whole, in memory, or on the way.
 */
final class CrashLedger {

    private static final class Page {
        /** What the last call that has returned made of it, and what the one that may be under way makes of it. */
        private long done;

        private long will;

        /** What has to be on disk, at least. */
        private long kept;

        private Page(long value) {
            done = value;
            will = value;
            kept = value;
        }
    }

    /** Where {@code moved} is. */
    private enum Place {
        MEMORY,
        FILE,
        ON_THE_WAY_IN,
        ON_THE_WAY_OUT
    }

    private record Acknowledged(long value, long nanos) {}

    private record Flushes(long number, long[] done) {}

    private static final String SHARED = "commit shared";

    private final Map<String, Page> pages = new TreeMap<>();
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

    /** Takes what was said. */
    synchronized void take(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "value" -> found.put(words[1] + " " + words[2], Long.parseLong(words[3]));
            case "home" -> compare(words[1]);
            case "begin" -> {
                begun = true;
                pages.putIfAbsent(SHARED, new Page(0));
            }
            case "will" -> page(words).will = Long.parseLong(words[3]);
            case "done" -> done(words);
            case "kept" -> keep(page(words), Long.parseLong(words[3]));
            case "added" -> added(page(words), Long.parseLong(words[3]));
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

    private Page page(String[] words) {
        return pages.computeIfAbsent(words[1] + " " + words[2], absent -> new Page(0));
    }

    private void done(String[] words) {
        Page page = page(words);
        page.done = Long.parseLong(words[3]);
        calls++;
        if (words[1].equals("commit")) {
            page.kept = page.done;
        }
        if (words.length > 4) {
            acknowledged
                    .computeIfAbsent(words[1] + " " + words[2], absent -> new ArrayList<>())
                    .add(new Acknowledged(page.done, Long.parseLong(words[4])));
        }
    }

    private static void keep(Page page, long value) {
        page.kept = Math.max(page.kept, value);
    }

    private void added(Page page, long step) {
        calls++;
        page.done += step;
        page.will = page.done;
        page.kept = page.done;
    }

    /**
     * A flush that had not ended when something was acknowledged may have begun before it; the one after it has not. So what
     * was acknowledged before {@code n} flushes were counted is on disk when {@code n + 2} are.
     */
    private void flushed(String[] words) {
        long number = Long.parseLong(words[1]);
        flushes.add(new Flushes(number, new long[] {Long.parseLong(words[2]), Long.parseLong(words[3])}));
        flushes.removeIf(earlier -> {
            boolean safe = earlier.number() <= number - 2;
            for (int i = 0; safe && i < earlier.done().length; i++) {
                keep(page(new String[] {"", "interval", "own" + i}), earlier.done()[i]);
            }
            return safe;
        });
    }

    private void moving(boolean in) {
        if (in && place != Place.FILE) {
            place = Place.ON_THE_WAY_IN;
            movedPages().forEach(page -> page.kept = page.done);
        } else if (!in && place == Place.FILE) {
            place = Place.ON_THE_WAY_OUT;
            released = false;
        }
    }

    /** Records that the move out of the file has released the namespace from it. */
    synchronized void released() {
        released = true;
    }

    private Stream<Page> movedPages() {
        return pages.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("moved "))
                .map(Map.Entry::getValue);
    }

    /** The process is dead. */
    synchronized void killed() {
        killed = System.nanoTime();
        found.clear();
        begun = false;
        lastMove = "";
        if (!releaseObserved && place == Place.ON_THE_WAY_OUT) {
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

    /** Whether the last move was this way. */
    synchronized boolean isMoved(String where) {
        return lastMove.equals(where);
    }

    /** What was not as it had to be, one sentence each. */
    synchronized Collection<String> problems() {
        return List.copyOf(problems);
    }

    /** The longest time from an acknowledgement that was lost in {@code interval} to the death of the process. */
    synchronized long longestWindowMs() {
        return longestWindow / 1_000_000;
    }

    /** How many calls, or batches of calls, were acknowledged. */
    synchronized long calls() {
        return calls;
    }

    /** How many moves were done before the disk had taken them. */
    synchronized long unwritten() {
        return unwritten;
    }

    private void compare(String home) {
        boolean anyMoved = found.keySet().stream().anyMatch(counter -> counter.startsWith("moved "));
        pages.forEach((counter, page) -> {
            if (!counter.startsWith("hand ")) {
                compare(counter, page, found.getOrDefault(counter, 0L), anyMoved);
            }
        });
        compareHand();
        found.keySet().stream()
                .filter(counter -> !pages.containsKey(counter) && !counter.startsWith("hand "))
                .forEach(counter -> problems.add(counter + " is there and nobody made it"));
        Page hand = pages.get("hand k");
        pages.clear();
        found.forEach((counter, value) -> pages.put(counter, new Page(value)));
        if (hand != null) {
            pages.put("hand k", new Page(found.getOrDefault("hand k0", 0L)));
        }
        acknowledged.clear();
        flushes.clear();
        place = home.startsWith("mvstore/") ? Place.FILE : Place.MEMORY;
    }

    private void compare(String counter, Page page, long value, boolean anyMoved) {
        boolean right;
        if (counter.startsWith("moved ")) {
            right = switch (place) {
                case MEMORY -> value == 0;
                case ON_THE_WAY_IN -> value <= page.will;
                case FILE -> value >= page.kept && value <= page.will;
                case ON_THE_WAY_OUT -> value <= page.will && (value >= page.kept || !anyMoved && released);
            };
        } else if (counter.equals(SHARED)) {
            right = value >= page.done && value <= page.done + CrashClient.SHARING * CrashClient.STEP;
        } else if (counter.startsWith("commit ")) {
            right = value == page.done || value == page.will;
        } else {
            right = value >= page.kept && value <= page.will;
            window(counter, value);
        }
        if (!right) {
            problems.add(counter + " is " + value + ": acknowledged=" + page.done + " under way=" + page.will
                    + " on disk=" + page.kept + (counter.startsWith("moved ") ? " place=" + place : ""));
        }
    }

    private void window(String counter, long value) {
        acknowledged.getOrDefault(counter, List.of()).stream()
                .filter(each -> counter.startsWith("interval ") && each.value() > value)
                .findFirst()
                .ifPresent(each -> longestWindow = Math.max(longestWindow, killed - each.nanos()));
    }

    /** Counters that were raised together and flushed then are equal. */
    private void compareHand() {
        Page page = pages.get("hand k");
        if (page == null) {
            return;
        }
        long first = found.getOrDefault("hand k0", 0L);
        for (int i = 0; i < CrashClient.TOGETHER; i++) {
            long value = found.getOrDefault("hand k" + i, 0L);
            if (value != first || value < page.kept || value > page.will) {
                problems.add("hand k" + i + " is " + value + " and k0 is " + first + ": on disk=" + page.kept
                        + " under way=" + page.will);
            }
        }
    }
}
