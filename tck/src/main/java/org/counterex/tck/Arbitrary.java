package org.counterex.tck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.counterex.api.CounterNames;

/** Generator of names, texts, numbers and settings that programs commonly handle wrongly. For one thread. */
public final class Arbitrary {

    private static final long[] EDGES = {0, 1L << 31, 1L << 32, 1L << 53, 1L << 60, 1L << 61, 1L << 62, Long.MAX_VALUE};

    /** Characters with a meaning in shells, globs, filters, lists and configuration files. */
    private static final String PUNCTUATION = " *?\\,=()|&!'\"$;{}[]#~<>`-.:@%/+^_";

    /**
     * Invisible and combining characters, and those that depend on case or direction, end a line, are private, or end a
     * plane.
     */
    private static final int[] ODD = {
        0x85, 0xa0, 0xad, 0x130, 0x131, 0x301, 0x3a3, 0x660, 0x200b, 0x202e, 0x2028, 0x2029, 0xe000, 0xfeff, 0xfffd,
        0xffff, 0x1f600, 0xe0041, 0x10ffff
    };

    private final Random random;

    public Arbitrary(Random random) {
        this.random = random;
    }

    /** Returns one of several objects. */
    @SafeVarargs
    public final <T> T of(T... things) {
        return things[random.nextInt(things.length)];
    }

    /** Returns a number from 0 to below a bound. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** Returns a number within two steps of a limit of any kind of cell or of {@code long}. */
    public long number() {
        long edge = EDGES[random.nextInt(EDGES.length)] + random.nextInt(5) - 2;
        return random.nextBoolean() ? edge : -edge;
    }

    /** Returns a number as {@link #number} does that is a valid value of a counter. */
    public long value() {
        return Math.max(number(), -Long.MAX_VALUE);
    }

    /** Returns a valid name: well-formed, of any characters, sometimes of about the maximal length. */
    public String name() {
        int length = below(8) > 0 ? 1 + below(6) : CounterNames.MAX_LENGTH - below(3);
        StringBuilder name = new StringBuilder();
        while (name.length() < length) {
            int c = character();
            name.appendCodePoint(name.length() + Character.charCount(c) <= length ? c : 'x');
        }
        return name.toString();
    }

    /** Returns an invalid name: null, empty, too long, or with an unpaired surrogate. */
    public String invalidName() {
        return switch (below(6)) {
            case 0 -> null;
            case 1 -> "";
            case 2 -> name() + "y".repeat(CounterNames.MAX_LENGTH + below(3));
            default ->
                new StringBuilder(name())
                        .insert(0, of("", "x"))
                        .insert(below(2), (char) (Character.MIN_SURROGATE + below(0x800)))
                        .toString();
        };
    }

    /** Returns any text, well-formed or not. */
    public String text(int longest) {
        StringBuilder text = new StringBuilder();
        for (int length = below(longest + 1); length > 0; length--) {
            if (below(20) == 0) {
                text.append((char) (Character.MIN_SURROGATE + below(0x800)));
            } else {
                text.appendCodePoint(character());
            }
        }
        return text.toString();
    }

    private int character() {
        return switch (below(8)) {
            case 0, 1, 2 -> "aAbz09".charAt(below(6));
            case 3, 4 -> PUNCTUATION.charAt(below(PUNCTUATION.length()));
            case 5 -> below(8) == 0 ? 0x7f : below(0x20);
            case 6 -> ODD[below(ODD.length)];
            default -> {
                int c = below(Character.MAX_CODE_POINT + 1);
                yield c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 'x' : c;
            }
        };
    }

    /** Returns a setting of any type that a configuration can have, and some that it cannot. */
    public Object setting() {
        return switch (below(12)) {
            case 0 -> array();
            case 1 -> list();
            case 2 -> of(Map.of(), Map.of("a", "b"), new Object(), Thread.State.NEW);
            default -> scalar();
        };
    }

    private Object scalar() {
        List<Supplier<Object>> kinds = List.of(
                () -> number(),
                () -> (int) number(),
                () -> (short) number(),
                () -> (byte) number(),
                () -> of(0.0, 1.0, 5.5, -0.0, 1e9, Double.NaN, Double.POSITIVE_INFINITY),
                () -> of(0f, 1f, 1e20f),
                random::nextBoolean,
                () -> of('5', 'x', ' ', '\0', '\n', '\ud800'),
                () -> of("1", " 7 ", "+5", "-1", "007", "1000", "1e3", "0x10", "1_000", "10L", "9".repeat(30), "1,000"),
                () -> of("true", "false", " true", "TRUE", "yes", "no", "1", "t", "tru", "false."),
                () -> of("", " ", "\t", ",", ",,", "\\,", "\\", "a,b", " a , b ", "*", "null", "[1]"),
                () -> name(),
                () -> text(50));
        return kinds.get(below(kinds.size())).get();
    }

    private Object array() {
        Object[] some = list().toArray();
        return of(
                some,
                new String[] {name(), text(5)},
                new long[] {number()},
                new int[below(3)],
                new char[] {'a', 'b'},
                new boolean[] {true},
                new double[0],
                new String[] {null},
                new String[][] {{"a"}, {}});
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        for (int length = below(4); length > 0; length--) {
            list.add(below(10) == 0 ? of(null, List.of(), new int[1]) : scalar());
        }
        return Collections.unmodifiableList(list);
    }
}
