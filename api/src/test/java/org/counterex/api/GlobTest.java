package org.counterex.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Random;
import org.counterex.api.admin.BackendRegistry;
import org.junit.Test;

/** Globs one by one; {@code GlobFuzzTest} of the tck compares random ones with a reference. */
public class GlobTest {

    private static void matches(String glob, String... names) {
        for (String name : names) {
            assertTrue(glob + " on " + name, Glob.of(glob).matches(name));
        }
    }

    private static void doesNotMatch(String glob, String... names) {
        for (String name : names) {
            assertFalse(glob + " on " + name, Glob.of(glob).matches(name));
        }
    }

    @Test
    public void glob_matches_theWholeName() {
        matches("http", "http");
        doesNotMatch("http", "https", "xhttp", "HTTP", "");
        matches("http*", "http", "https", "http.requests", "http\nrequests");
        doesNotMatch("http*", "xhttp");
        matches("*", "x", "a\r\n\u2028b", "\ud83d\ude00");
        matches("a*b*c", "abc", "axbxc", "abcbc", "abbcc");
        doesNotMatch("a*b*c", "acb", "ab", "abcx");
        matches("**", "x");
        matches("?*", "x", "xy");
    }

    @Test
    public void questionMark_matches_oneCodePoint() {
        matches("?", "x", "\n", "\u0085", "\ud83d\ude00");
        doesNotMatch("?", "", "xy");
        matches("a?c", "abc", "a?c");
        doesNotMatch("a?c", "ac", "abbc");
    }

    @Test
    public void backslash_quotes_theNextCharacter() {
        matches("a\\*", "a*");
        doesNotMatch("a\\*", "ab", "a\\*");
        matches("\\?", "?");
        doesNotMatch("\\?", "x");
        matches("\\\\", "\\");
        matches("\\\\E", "\\E");
        matches("\\a", "a");
        matches("\\\ud83d\ude00", "\ud83d\ude00");
    }

    @Test
    public void otherCharacters_match_themselves() {
        for (String name : new String[] {
            "a.b", "[ab]", "a|b", "(a)", "^a$", "a+", "{1}", "\\\\Q", "\u00e4", "a b", ".", "\\\\d", "#", "&&"
        }) {
            matches(name, name.replace("\\\\", "\\"));
        }
        doesNotMatch("a.b", "axb");
        doesNotMatch("[ab]", "a");
    }

    @Test
    public void literal_meansWithoutWildcards() {
        assertTrue(Glob.of("http").literal());
        assertTrue(Glob.of("a\\*b").literal());
        assertFalse(Glob.of("a*").literal());
        assertFalse(Glob.of("a?").literal());
    }

    @Test
    public void quote_matches_thatNameAlone() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String odd = "*?\\abE.Q[\ud83d\ude00";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int length = 1 + random.nextInt(6); length > 0; length--) {
                int at = odd.offsetByCodePoints(0, random.nextInt(odd.codePointCount(0, odd.length())));
                name.appendCodePoint(odd.codePointAt(at));
            }
            Glob glob = Glob.of(BackendRegistry.quote(name.toString()));
            assertTrue("seed " + seed + " name " + name, glob.literal());
            assertTrue("seed " + seed + " name " + name, glob.matches(name.toString()));
            assertFalse("seed " + seed + " name " + name, glob.matches(name + "x"));
        }
    }

    @Test
    public void invalidGlob_isRejected_andShown() {
        assertThrows(IllegalArgumentException.class, () -> Glob.of(""));
        assertThrows(IllegalArgumentException.class, () -> Glob.of(null));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Glob.of("a\\"));
        assertEquals("glob ends with a backslash that quotes nothing: glob='a\\'", e.getMessage());
    }

    /** The control thread applies every glob to every namespace: no pattern may take exponential time. */
    @Test(timeout = 10_000)
    public void manyWildcards_onALongName_endInTime() {
        String name = "a".repeat(1024);
        doesNotMatch("*a".repeat(30) + "*b", name);
        matches("*a".repeat(30) + "*", name);
    }
}
