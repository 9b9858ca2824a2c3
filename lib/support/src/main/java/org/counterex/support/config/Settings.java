package org.counterex.support.config;

import java.lang.reflect.Array;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.counterex.api.CounterNames;
import org.counterex.api.Glob;

/**
 * Strict reader of the configuration of a component. An invalid value is rejected with its key and value, never
 * replaced by a default. (Declarative Services turn some invalid values into 0 when they fill a configuration type.)
 *
 * <p>A value may have any type; its text form is what counts. Immutable.
 */
public final class Settings {

    private final Map<String, ?> properties;

    /** @param properties of the component */
    public Settings(Map<String, ?> properties) {
        this.properties = properties;
    }

    /**
     * Returns a whole number.
     *
     * @throws IllegalArgumentException the value is not a whole number, or not within the bounds
     */
    public long number(String key, long absent, long lowest, long highest) {
        String text = text(key, Long.toString(absent));
        try {
            long number = Long.parseLong(text);
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // rejected below, with what is expected
        }
        throw invalid(key, "a whole number from " + lowest + " to " + highest);
    }

    /**
     * Returns a boolean.
     *
     * @throws IllegalArgumentException the value is neither {@code true} nor {@code false}
     */
    public boolean flag(String key, boolean absent) {
        String text = text(key, Boolean.toString(absent));
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(key, "true or false");
        };
    }

    /**
     * Returns a text on one line, without leading and trailing white space.
     *
     * @throws IllegalArgumentException the value is empty, has several lines or items, or is not a text
     */
    public String text(String key, String absent) {
        Object value = properties.get(key);
        if (value == null) {
            return absent;
        }
        String text = isSingle(value) ? value.toString().trim() : "";
        if (text.isEmpty() || text.chars().anyMatch(Character::isISOControl)) {
            throw invalid(key, "a single text");
        }
        return text;
    }

    /**
     * Returns the path of a file or folder.
     *
     * @throws IllegalArgumentException the value is not a path on this system
     */
    public Path path(String key, Path absent) {
        String text = text(key, null);
        try {
            return text == null ? absent : Path.of(text);
        } catch (InvalidPathException e) {
            throw invalid(key, "a path");
        }
    }

    /**
     * Returns a list of texts. The items of an array or collection are returned as they are; a single text is split at
     * commas, without the white space around the items; {@code \,} is a comma. Empty items are left out.
     *
     * @throws IllegalArgumentException an item is not a text
     */
    public List<String> list(String key) {
        Object value = properties.get(key);
        if (value == null) {
            return List.of();
        }
        List<?> items = isSeveral(value)
                ? items(value)
                : Arrays.stream(value.toString().split("(?<!\\\\),"))
                        .map(item -> item.replace("\\,", ",").trim())
                        .toList();
        if (!isSeveral(value) && !isSingle(value) || !items.stream().allMatch(Settings::isSingle)) {
            throw invalid(key, "a list of texts");
        }
        return items.stream()
                .map(Object::toString)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /**
     * Returns a required {@link #list list} of globs.
     *
     * @throws IllegalArgumentException the list is missing or empty, or an item is not a glob
     */
    public List<Glob> globs(String key) {
        List<String> texts = list(key);
        if (texts.isEmpty()) {
            throw invalid(key, "one or more globs");
        }
        try {
            return texts.stream().map(Glob::of).toList();
        } catch (IllegalArgumentException e) {
            throw invalid(key, "one or more globs (" + e.getMessage() + ")");
        }
    }

    /** Returns whether a value can stand where a single value is required. */
    private static boolean isSingle(Object value) {
        return value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Character;
    }

    private static boolean isSeveral(Object value) {
        return value instanceof Collection || value.getClass().isArray();
    }

    private static List<?> items(Object several) {
        if (several instanceof Collection<?> collection) {
            return new ArrayList<>(collection);
        }
        return IntStream.range(0, Array.getLength(several))
                .mapToObj(i -> Array.get(several, i))
                .toList();
    }

    /**
     * Returns the exception for an invalid value; its message names key and value.
     *
     * @param expected describes valid values
     */
    public IllegalArgumentException invalid(String key, String expected) {
        Object value = properties.get(key);
        return new IllegalArgumentException("invalid setting: " + key + "="
                + (value == null ? "" : CounterNames.printable(describe(value))) + " expected=" + expected);
    }

    private static String describe(Object value) {
        if (value == null || isSingle(value)) {
            return String.valueOf(value).trim();
        }
        return isSeveral(value)
                ? items(value).stream().map(Settings::describe).collect(Collectors.joining(",", "[", "]"))
                : "a " + value.getClass().getSimpleName();
    }
}
