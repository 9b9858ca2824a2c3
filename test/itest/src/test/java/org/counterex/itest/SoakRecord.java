package org.counterex.itest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * State of the {@link Soak} that outlives its bundle and its classes: named entries in a map that holds JDK types only.
 */
final class SoakRecord {

    private static final int MAX_STEPS = 40;

    private final Map<String, Object> content;

    SoakRecord(Map<String, Object> content) {
        this.content = content;
    }

    /** Creates an empty record. */
    static SoakRecord begin(long seed) {
        SoakRecord record = new SoakRecord(new ConcurrentHashMap<>());
        record.content.put("seed", seed);
        return record;
    }

    Map<String, Object> content() {
        return content;
    }

    /** Returns the seed of all random choices. */
    long seed() {
        return (Long) content.get("seed");
    }

    /** Returns a named part, in which its user stores its own entries. */
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

    /** Returns all figures by name. */
    Map<String, Long> allFigures() {
        return new TreeMap<>(figures());
    }

    /** Returns the problems found so far. */
    @SuppressWarnings("unchecked") // by its name it is of this type
    List<String> problems() {
        return (List<String>) content.computeIfAbsent("problems", absent -> new CopyOnWriteArrayList<>());
    }

    void problem(String text) {
        problems().add(text);
    }

    /** Records an operation on the framework that is about to start. */
    void step(String text) {
        Deque<String> steps = steps();
        synchronized (steps) {
            steps.add(text);
            if (steps.size() > MAX_STEPS) {
                steps.remove();
            }
        }
        count("steps", 1);
        count("steps, " + text.replaceFirst(" .*", ""), 1);
    }

    /** Returns the last operations on the framework, oldest first. */
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
