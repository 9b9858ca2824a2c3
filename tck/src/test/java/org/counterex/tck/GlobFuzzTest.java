package org.counterex.tck;

import static org.junit.Assert.assertEquals;

import org.counterex.api.CounterNames;
import org.counterex.api.Glob;
import org.counterex.api.admin.BackendRegistry;
import org.junit.Rule;
import org.junit.Test;

/** Random globs, compared with a reference matcher that follows the definition. */
public class GlobFuzzTest {

    @Rule
    public final Seed seed = new Seed();

    @Test
    public void matches_ofAnyPair_equalsTheReference() {
        Arbitrary arbitrary = new Arbitrary(seed.random(0));
        for (int i = seed.rounds(50_000); i > 0; i--) {
            String glob = few(arbitrary, "a", "b", "*", "?", "\\", "\ud83d\ude00");
            String name = few(arbitrary, "a", "a", "b", "*", "\\", "\ud83d\ude00");
            if (ConfigurationContract.isGlob(glob)) {
                boolean expected = matches(glob, name);
                assertEquals(glob + " on " + name, expected, Glob.of(glob).matches(name));
            }
        }
    }

    @Test
    public void of_anyText_acceptsOrRejectsIt() {
        Arbitrary arbitrary = new Arbitrary(seed.random(1));
        for (int i = seed.rounds(10_000); i > 0; i--) {
            String text = arbitrary.below(100) == 0 ? "x".repeat(2_047 + arbitrary.below(3)) : arbitrary.text(20);
            if (ConfigurationContract.isGlob(text)) {
                assertEquals(text, Glob.of(text).text());
            } else {
                Rejection.of(IllegalArgumentException.class, () -> Glob.of(text));
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

    /** Returns whether the rest of a name matches the rest of a glob, by the definition. */
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
        int expected = quoted ? rest.codePointAt(0) : c;
        return !name.isEmpty()
                && (c == '?' || name.codePointAt(0) == expected)
                && matches(quoted ? tail(rest) : rest, tail(name));
    }

    private static String tail(String text) {
        return text.substring(text.offsetByCodePoints(0, 1));
    }
}
