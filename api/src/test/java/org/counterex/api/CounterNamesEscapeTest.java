package org.counterex.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;

import org.junit.Test;

public class CounterNamesEscapeTest {

    private static final String PAIR = "\ud83d\ude00";

    @Test
    public void escape_printableText_isUnchanged() {
        String text = "caf\u00e9 " + PAIR + "x".repeat(100);
        assertSame(text, CounterNames.escape(text));
    }

    @Test
    public void escape_unprintableCharacters_becomeCodeUnits() {
        assertEquals("a\\u001b[2J\\u000a\\u202e\\u2028b", CounterNames.escape("a\u001b[2J\n\u202e\u2028b"));
        assertEquals("unpaired surrogate", "\\ud83dx", CounterNames.escape("\ud83dx"));
        assertEquals("private use", "\\udb80\\udc00", CounterNames.escape("\udb80\udc00"));
    }

    @Test
    public void printable_longName_isCutBetweenCharacters() {
        assertEquals("x".repeat(40), CounterNames.printable("x".repeat(40)));
        assertEquals("x".repeat(40) + "...", CounterNames.printable("x".repeat(41)));
        assertEquals("x".repeat(39) + PAIR, CounterNames.printable("x".repeat(39) + PAIR));
        assertEquals("x".repeat(39) + PAIR + "...", CounterNames.printable("x".repeat(39) + PAIR + "y"));
        assertEquals("\\u000a".repeat(40) + "...", CounterNames.printable("\n".repeat(41)));
    }
}
