package org.counterex.tck;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.util.regex.Pattern;
import org.junit.Assert;
import org.junit.function.ThrowingRunnable;

/** Assertions about rejected calls: the exception has a message of one line that can be shown anywhere. */
public final class Rejection {

    private static final int LONGEST = 1_000;

    /** Names of classes: of the JDK, of exceptions, and in the default text of an object. */
    private static final Pattern CLASS =
            Pattern.compile("java\\.\\w+\\.|\\w\\.\\w+(Exception|Error)\\b|(\\[[A-Z][\\w.$]*;?|Object)@[0-9a-f]{5}");

    /** Unprintable characters. Defined independently of the API, whose faults it is to detect. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private Rejection() {}

    /**
     * Asserts that a call is rejected in that form.
     *
     * @return the message
     */
    public static String of(Class<? extends RuntimeException> kind, ThrowingRunnable call) {
        String message = Assert.assertThrows(kind, call).getMessage();
        assertOneLine(message);
        return message;
    }

    /** Asserts that a text is not empty, printable on one line, of limited length, and contains no name of a class. */
    public static void assertOneLine(String text) {
        assertNotNull("a message", text);
        assertFalse("it is not empty", text.isBlank());
        assertTrue("it is not long: " + text.length() + " characters", text.length() <= LONGEST);
        assertFalse("it is printable: " + text, UNPRINTABLE.matcher(text).find());
        assertFalse("it names no class: " + text, CLASS.matcher(text).find());
    }
}
