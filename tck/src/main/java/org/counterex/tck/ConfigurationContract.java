package org.counterex.tck;

import static org.junit.Assert.assertTrue;

import java.lang.reflect.Array;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.counterex.api.CounterNames;
import org.junit.Rule;
import org.junit.Test;

/**
 * Contract of a configurable component: it accepts a configuration if every value is valid and otherwise rejects it as
 * a whole, with one line that contains a key and its invalid value. No invalid value is replaced by a default.
 */
public abstract class ConfigurationContract {

    /** Source of the random values. */
    @Rule
    public final Seed seed = new Seed();

    /** Returns the keys, each with a predicate for its valid values, which is never called with null. */
    protected abstract Map<String, Predicate<Object>> keys();

    /**
     * Creates the component, or as much of it as reads the configuration.
     *
     * @throws IllegalArgumentException the configuration is invalid
     */
    protected abstract void configure(Map<String, ?> properties);

    /** Returns whether a value is valid where one text is expected. */
    public static boolean isText(Object value) {
        return value != null && isScalar(value) && !text(value).isEmpty() && isPlain(text(value));
    }

    /** Returns whether a value is valid where a path is expected: a text that the file system can represent. */
    public static boolean isPath(Object value) {
        if (!isText(value)) {
            return false;
        }
        try {
            Path.of(text(value));
            return true;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Returns whether a value is valid where a list of texts is expected. */
    public static boolean isList(Object value) {
        if (value instanceof Collection<?> several) {
            return several.stream().allMatch(ConfigurationContract::isItem);
        }
        if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                if (!isItem(Array.get(value, i))) {
                    return false;
                }
            }
            return true;
        }
        return isItem(value);
    }

    /** Returns a predicate for the values that are valid where an integer is expected. */
    public static Predicate<Object> isNumber(long lowest, long highest) {
        return value -> {
            if (!isText(value)) {
                return false;
            }
            try {
                BigInteger number = new BigInteger(text(value));
                return number.compareTo(BigInteger.valueOf(lowest)) >= 0
                        && number.compareTo(BigInteger.valueOf(highest)) <= 0;
            } catch (NumberFormatException e) {
                return false;
            }
        };
    }

    /** Returns whether a value is valid where a boolean is expected. */
    public static boolean isFlag(Object value) {
        return isText(value) && Set.of("true", "false").contains(text(value));
    }

    /** Returns the keys that every backend of this project has. */
    public static Map<String, Predicate<Object>> keysOfABackend() {
        return Map.of(
                "name", ConfigurationContract::isText,
                "namespaces", ConfigurationContract::isList,
                "ranking", isNumber(Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    /** Returns whether a text is a valid {@link org.counterex.api.Glob}; by an encoder of the JDK. */
    public static boolean isGlob(String text) {
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            return false;
        }
        boolean quotesNothing = text.replaceAll("(?s)\\\\.", "").contains("\\");
        return !text.isEmpty() && text.length() <= 2_048 && !quotesNothing;
    }

    private static boolean isScalar(Object value) {
        return value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Character;
    }

    private static boolean isItem(Object value) {
        return value != null && isScalar(value);
    }

    private static boolean isPlain(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    private static String text(Object value) {
        return value.toString().trim();
    }

    /** Values of every type and form: each configuration is accepted as a whole or rejected with one line. */
    @Test
    public void configuration_ofAnyValues_isAcceptedOrRejected() {
        Arbitrary arbitrary = new Arbitrary(seed.random(0));
        int accepted = 0;
        for (int i = seed.rounds(5_000); i > 0; i--) {
            Map<String, Object> properties = new HashMap<>(Map.of("unknown." + i, i));
            Set<String> invalid = new TreeSet<>();
            keys().forEach((key, isValid) -> {
                Object value = arbitrary.below(keys().size()) > 1 ? null : arbitrary.setting();
                properties.put(key, value);
                if (value != null && !isValid.test(value)) {
                    invalid.add("invalid setting: " + key + "=" + shown(value));
                }
            });
            if (invalid.isEmpty()) {
                configure(properties);
                accepted++;
            } else {
                String message = Rejection.of(IllegalArgumentException.class, () -> configure(properties));
                assertTrue(message + " is one of " + invalid, invalid.stream().anyMatch(message::startsWith));
                assertTrue(message + " contains what is expected", message.contains(" expected="));
            }
        }
        assertTrue("some configurations are valid", accepted > 0);
    }

    /**
     * Returns the beginning of a value in the message; empty for a value that is not a scalar, of which no form is
     * required.
     */
    private static String shown(Object value) {
        return isScalar(value) ? CounterNames.printable(text(value)) : "";
    }
}
