package org.counterex.tck;

import static org.junit.Assert.assertTrue;

import java.lang.reflect.Array;
import java.math.BigInteger;
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
 * What a configurable component makes of its configuration: it takes it if all of it makes sense; otherwise it refuses it
 * with one line that names a key and the value that does not. Nothing is replaced by a default.
 */
public abstract class ConfigurationContract {

    /** Where the values come from. */
    @Rule
    public final Seed seed = new Seed();

    /** The keys, each with what makes sense for it; a missing value is never asked for. */
    protected abstract Map<String, Predicate<Object>> keys();

    /**
     * Makes the component, or as much of it as reads the configuration.
     *
     * @throws IllegalArgumentException it makes no sense
     */
    protected abstract void configure(Map<String, ?> properties);

    /** What makes sense where one text is wanted. */
    public static boolean isText(Object value) {
        return value != null && isScalar(value) && !text(value).isEmpty() && isPlain(text(value));
    }

    /** What makes sense where a path is wanted: a text that the system can write down. */
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

    /** What makes sense where several texts are wanted. */
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

    /** What makes sense where a whole number is wanted. */
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

    /** What makes sense where a truth value is wanted. */
    public static boolean isFlag(Object value) {
        return isText(value) && Set.of("true", "false").contains(text(value));
    }

    /** The keys that every backend of this project has. */
    public static Map<String, Predicate<Object>> keysOfABackend() {
        return Map.of(
                "name", ConfigurationContract::isText,
                "namespaces", ConfigurationContract::isList,
                "ranking", isNumber(Integer.MIN_VALUE, Integer.MAX_VALUE));
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

    /** Any configuration, of values of every type and form, is taken as a whole or refused with one line. */
    @Test
    public void configuration_ofAnyValues_isTakenOrRefusedWithKeyAndValue() {
        Arbitrary arbitrary = new Arbitrary(seed.random(0));
        int taken = 0;
        for (int i = seed.rounds(5_000); i > 0; i--) {
            Map<String, Object> properties = new HashMap<>(Map.of("unknown." + i, i));
            Set<String> senseless = new TreeSet<>();
            keys().forEach((key, makesSense) -> {
                Object value = arbitrary.below(keys().size()) > 1 ? null : arbitrary.setting();
                properties.put(key, value);
                if (value != null && !makesSense.test(value)) {
                    senseless.add("invalid setting: " + key + "=" + shown(value));
                }
            });
            if (senseless.isEmpty()) {
                configure(properties);
                taken++;
            } else {
                String message = Refusal.of(IllegalArgumentException.class, () -> configure(properties));
                assertTrue(
                        message + " is one of " + senseless, senseless.stream().anyMatch(message::startsWith));
                assertTrue(message + " tells what would make sense", message.contains(" expected="));
            }
        }
        assertTrue("some configurations make sense", taken > 0);
    }

    /** How a value begins in the message; of what is no single value, only that it is shown. */
    private static String shown(Object value) {
        return isScalar(value) ? CounterNames.printable(text(value)) : "";
    }
}
