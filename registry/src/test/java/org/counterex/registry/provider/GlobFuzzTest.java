package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.counterex.api.CounterNames;
import org.counterex.api.Glob;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.tck.Arbitrary;
import org.counterex.tck.Refusal;
import org.counterex.tck.Seed;
import org.junit.Rule;
import org.junit.Test;

/** Globs at random, against a matcher that tries everything. */
public class GlobFuzzTest {

    @Rule
    public final Seed seed = new Seed();

    @Test
    public void matches_ofAnyPair_isWhatTheReferenceSays() {
        Arbitrary arbitrary = new Arbitrary(seed.random(0));
        for (int i = seed.rounds(50_000); i > 0; i--) {
            String glob = few(arbitrary, "a", "b", "*", "?", "\\", "\ud83d\ude00");
            String name = few(arbitrary, "a", "a", "b", "*", "\\", "\ud83d\ude00");
            if (isGlob(glob)) {
                boolean expected = matches(glob, name);
                assertEquals(glob + " on " + name, expected, Glob.of(glob).matches(name));
            }
        }
    }

    @Test
    public void glob_ofAnyText_isTakenOrRefusedOnOneLine() {
        Arbitrary arbitrary = new Arbitrary(seed.random(1));
        for (int i = seed.rounds(10_000); i > 0; i--) {
            String text = arbitrary.below(100) == 0 ? "x".repeat(2_047 + arbitrary.below(3)) : arbitrary.text(20);
            if (isGlob(text)) {
                assertEquals(text, Glob.of(text).text());
            } else {
                Refusal.of(IllegalArgumentException.class, () -> Glob.of(text));
            }
        }
    }

    @Test
    public void quote_ofAnyName_matchesThatNameAlone() {
        Arbitrary arbitrary = new Arbitrary(seed.random(2));
        for (int i = seed.rounds(10_000); i > 0; i--) {
            String name = arbitrary.name();
            String other = arbitrary.name();
            Glob glob = Glob.of(BackendRegistry.quote(name));
            assertEquals(CounterNames.printable(name), true, glob.literal() && glob.matches(name));
            assertEquals(CounterNames.printable(name), name.equals(other), glob.matches(other));
        }
    }

    private static String few(Arbitrary arbitrary, String... characters) {
        StringBuilder text = new StringBuilder();
        for (int length = arbitrary.below(8); length > 0; length--) {
            text.append(arbitrary.of(characters));
        }
        return text.toString();
    }

    public static boolean isGlob(String text) {
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            return false;
        }
        boolean quotesNothing = text.replaceAll("(?s)\\\\.", "").contains("\\");
        return !text.isEmpty() && text.length() <= 2_048 && !quotesNothing;
    }

    /** Whether the rest of a name matches the rest of a glob, by the definition. */
    private static boolean matches(String glob, String name) {
        if (glob.isEmpty()) {
            return name.isEmpty();
        }
        int c = glob.codePointAt(0);
        String rest = glob.substring(Character.charCount(c));
        if (c == '*') {
            return matches(rest, name) || !name.isEmpty() && matches(glob, tail(name));
        }
        boolean quoted = c == '\\';
        int wanted = quoted ? rest.codePointAt(0) : c;
        return !name.isEmpty()
                && (c == '?' || name.codePointAt(0) == wanted)
                && matches(quoted ? tail(rest) : rest, tail(name));
    }

    private static String tail(String text) {
        return text.substring(text.offsetByCodePoints(0, 1));
    }
}
