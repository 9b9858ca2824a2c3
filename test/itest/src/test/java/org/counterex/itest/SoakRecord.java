package org.counterex.itest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the {@link Soak} has to remember when its bundle is restarted with classes anew: a map that holds nothing but types of
 * the JDK, with names for what is in it.
 */
final class SoakRecord {

    private static final int KEPT = 40;

    private final Map<String, Object> content;

    SoakRecord(Map<String, Object> content) {
        this.content = content;
    }

    /** A new one. */
    static SoakRecord begin(long seed) {
        SoakRecord record = new SoakRecord(new ConcurrentHashMap<>());
        record.content.put("seed", seed);
        return record;
    }

    Map<String, Object> content() {
        return content;
    }

    /** What all random choices begin with. */
    long seed() {
        return (Long) content.get("seed");
    }

    /** A part for somebody who enters what he likes. */
    @SuppressWarnings("unchecked") // by its name it is of this type
    Map<String, Object> part(String name) {
        return (Map<String, Object>) content.computeIfAbsent(name, absent -> new ConcurrentHashMap<>());
    }

    @SuppressWarnings("unchecked") // by its name it is of this type
    private Map<String, Long> figures() {
        return (Map<String, Long>) content.computeIfAbsent("figures", absent -> new ConcurrentHashMap<>());
    }

    /** Adds to a figure. */
    void count(String what, long more) {
        figures().merge(what, more, Long::sum);
    }

    long figure(String what) {
        return figures().getOrDefault(what, 0L);
    }

    /** All figures by name. */
    Map<String, Long> allFigures() {
        return new TreeMap<>(figures());
    }

    /** What must not be, as found so far. */
    @SuppressWarnings("unchecked") // by its name it is of this type
    List<String> problems() {
        return (List<String>) content.computeIfAbsent("problems", absent -> new CopyOnWriteArrayList<>());
    }

    void problem(String text) {
        problems().add(text);
    }

    /** Notes what is about to happen to the framework. */
    void step(String text) {
        Deque<String> steps = steps();
        synchronized (steps) {
            steps.add(text);
            if (steps.size() > KEPT) {
                steps.remove();
            }
        }
        count("steps", 1);
        count("steps, " + text.replaceFirst(" .*", ""), 1);
    }

    /** What has happened to the framework last, oldest first. */
    List<String> lastSteps() {
        Deque<String> steps = steps();
        synchronized (steps) {
            return List.copyOf(steps);
        }
    }

    @SuppressWarnings("unchecked") // by its name it is of this type
    private Deque<String> steps() {
        return (Deque<String>) content.computeIfAbsent("steps", absent -> new ArrayDeque<>());
    }
}
