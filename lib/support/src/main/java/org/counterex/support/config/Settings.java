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
 * The configuration of a component, read strictly: what makes no sense is refused with its key and value, never replaced
 * by a default. (Declarative Services turn some nonsense into 0 when they fill a configuration type.)
 *
 * <p>A value may have any type; what counts is how it reads.
 */
public final class Settings {

    private final Map<String, ?> properties;

    /** @param properties of the component */
    public Settings(Map<String, ?> properties) {
        this.properties = properties;
    }

    /**
     * A whole number.
     *
     * @throws IllegalArgumentException it is none, or not within the bounds
     */
    public long number(String key, long absent, long lowest, long highest) {
        String text = text(key, Long.toString(absent));
        try {
            long number = Long.parseLong(text);
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, with what would be right
        }
        throw refused(key, "a whole number from " + lowest + " to " + highest);
    }

    /**
     * A truth value.
     *
     * @throws IllegalArgumentException it is neither {@code true} nor {@code false}
     */
    public boolean flag(String key, boolean absent) {
        String text = text(key, Boolean.toString(absent));
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(key, "true or false");
        };
    }

    /**
     * A text on one line, without the white space around it.
     *
     * @throws IllegalArgumentException it is anything else
     */
    public String text(String key, String absent) {
        Object value = properties.get(key);
        if (value == null) {
            return absent;
        }
        String text = isSingle(value) ? value.toString().trim() : "";
        if (text.isEmpty() || text.chars().anyMatch(Character::isISOControl)) {
            throw refused(key, "a single text");
        }
        return text;
    }

    /**
     * A path of a file or folder.
     *
     * @throws IllegalArgumentException it is none on this system
     */
    public Path path(String key, Path absent) {
        String text = text(key, null);
        try {
            return text == null ? absent : Path.of(text);
        } catch (InvalidPathException e) {
            throw refused(key, "a path");
        }
    }

    /**
     * A list of texts. The items of an array or collection are taken as they are; one text is a list of one or, where it has
     * commas, of several, without the white space around them; {@code \,} is a comma. What is empty is left out.
     *
     * @throws IllegalArgumentException an item is no text
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
            throw refused(key, "a list of texts");
        }
        return items.stream()
                .map(Object::toString)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /**
     * A {@link #list list} of globs that must be given.
     *
     * @throws IllegalArgumentException it is missing or empty, or one of them is no glob
     */
    public List<Glob> globs(String key) {
        List<String> texts = list(key);
        if (texts.isEmpty()) {
            throw refused(key, "one or more globs");
        }
        try {
            return texts.stream().map(Glob::of).toList();
        } catch (IllegalArgumentException e) {
            throw refused(key, "one or more globs (" + e.getMessage() + ")");
        }
    }

    /** What a configuration may have where one value is wanted. */
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
     * What to throw where a setting makes no sense: names key and value.
     *
     * @param wanted what would make sense
     */
    public IllegalArgumentException refused(String key, String wanted) {
        Object value = properties.get(key);
        return new IllegalArgumentException("invalid setting: " + key + "="
                + (value == null ? "" : CounterNames.printable(shown(value))) + " expected=" + wanted);
    }

    private static String shown(Object value) {
        if (value == null || isSingle(value)) {
            return String.valueOf(value).trim();
        }
        return isSeveral(value)
                ? items(value).stream().map(Settings::shown).collect(Collectors.joining(",", "[", "]"))
                : "a " + value.getClass().getSimpleName();
    }
}
