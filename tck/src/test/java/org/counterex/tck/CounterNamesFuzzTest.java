package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.NoBackendException;
import org.junit.Rule;
import org.junit.Test;

/** Random names in the API: validation, display and messages. */
public class CounterNamesFuzzTest {

    private static final int ROUNDS = 10_000;

    @Rule
    public final Seed seed = new Seed();

    @Test
    public void check_ofAValidName_returnsIt() {
        Arbitrary arbitrary = new Arbitrary(seed.random(0));
        for (int i = seed.rounds(ROUNDS); i > 0; i--) {
            String name = arbitrary.name();
            assertTrue(CounterNames.printable(name), isName(name));
            assertSame(name, CounterNames.check("key", name));
        }
    }

    @Test
    public void check_ofAnInvalidName_showsItOnOneLine() {
        Arbitrary arbitrary = new Arbitrary(seed.random(1));
        for (int i = seed.rounds(ROUNDS); i > 0; i--) {
            String name = arbitrary.invalidName();
            String message = Rejection.of(IllegalArgumentException.class, () -> CounterNames.check("namespace", name));
            String shown = name == null ? "null" : "'" + CounterNames.printable(name) + "'";
            assertTrue(message, message.contains(": namespace=" + shown));
        }
    }

    /** A name is valid if UTF-8 can encode it, by the encoder of the JDK, and its length is within the limit. */
    @Test
    public void isValid_ofAnyText_dependsOnUtf8AndLength() {
        Arbitrary arbitrary = new Arbitrary(seed.random(2));
        for (int i = seed.rounds(ROUNDS); i > 0; i--) {
            String text = arbitrary.text(20);
            assertEquals(CounterNames.printable(text), isName(text), CounterNames.isValid(text));
        }
    }

    @Test
    public void printable_ofAnyText_isOneShortLine() {
        Arbitrary arbitrary = new Arbitrary(seed.random(3));
        for (int i = seed.rounds(ROUNDS); i > 0; i--) {
            String text = "x" + arbitrary.text(80);
            String shown = CounterNames.printable(text);
            Rejection.assertOneLine(shown);
            assertTrue(shown, text.length() > 40 || !shown.endsWith("...") || text.endsWith("..."));
        }
    }

    @Test
    public void exceptions_aboutAnyName_areOneLine() {
        Arbitrary arbitrary = new Arbitrary(seed.random(4));
        for (int i = seed.rounds(ROUNDS); i > 0; i--) {
            String namespace = arbitrary.name();
            String key = arbitrary.name();
            List<CounterException> exceptions = List.of(
                    new CounterOverflowException(namespace, key, "1+" + arbitrary.number(), 0),
                    new CapacityExceededException(namespace, key, 5),
                    new NoBackendException("no backend is active", namespace));
            for (CounterException e : exceptions) {
                Rejection.assertOneLine(e.getMessage());
                assertEquals(namespace, e.namespace());
            }
        }
    }

    private static boolean isName(String text) {
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            return false;
        }
        return !text.isEmpty() && text.length() <= 1_024;
    }
}
