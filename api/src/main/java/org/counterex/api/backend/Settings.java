package org.counterex.api.backend;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

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
        throw refused(key, text, "a whole number from " + lowest + " to " + highest);
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
            default -> throw refused(key, text, "true or false");
        };
    }

    /**
     * A text, without the white space around it.
     *
     * @throws IllegalArgumentException it is empty or a list
     */
    public String text(String key, String absent) {
        Object value = properties.get(key);
        if (value == null) {
            return absent;
        }
        String text = value.toString().trim();
        if (text.isEmpty() || value.getClass().isArray() || value instanceof Collection) {
            throw refused(key, String.join(",", list(key)), "a single text");
        }
        return text;
    }

    /**
     * A list of texts. A single value is a list of one, or where it has commas, of several without the white space around
     * them; {@code \,} is a comma. The elements of an array or collection are taken as they are: they may be names, and
     * names may begin with a blank.
     */
    public List<String> list(String key) {
        Object value = properties.get(key);
        List<String> items = new ArrayList<>();
        if (value instanceof Collection<?> several) {
            several.forEach(item -> items.add(item.toString()));
        } else if (value != null && value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                items.add(Array.get(value, i).toString());
            }
        } else if (value != null) {
            Arrays.stream(value.toString().split("(?<!\\\\),"))
                    .map(item -> item.replace("\\,", ",").trim())
                    .forEach(items::add);
        }
        items.removeIf(String::isEmpty);
        return List.copyOf(items);
    }

    private static IllegalArgumentException refused(String key, String value, String wanted) {
        return new IllegalArgumentException("setting is refused: " + key + "=" + value + " wanted=" + wanted);
    }
}
