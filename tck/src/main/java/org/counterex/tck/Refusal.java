package org.counterex.tck;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.util.regex.Pattern;
import org.junit.Assert;
import org.junit.function.ThrowingRunnable;

/** How nonsense is refused: by an exception whose message is one line that can be shown anywhere. */
public final class Refusal {

    private static final int LONGEST = 1_000;

    /** Of the JDK, of an exception, or as an object prints that has no text of its own. */
    private static final Pattern CLASS =
            Pattern.compile("java\\.\\w+\\.|\\w\\.\\w+(Exception|Error)\\b|(\\[[A-Z][\\w.$]*;?|Object)@[0-9a-f]{5}");

    /** What steers a terminal, breaks a line, is invisible or stands alone; in words of its own, as it is to find what the API gets wrong. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private Refusal() {}

    /**
     * That a call is refused so.
     *
     * @return the message
     */
    public static String of(Class<? extends RuntimeException> kind, ThrowingRunnable call) {
        String message = Assert.assertThrows(kind, call).getMessage();
        assertOneLine(message);
        return message;
    }

    /** That a text is not empty, prints on one line, has an end, and says nothing of the program's insides. */
    public static void assertOneLine(String text) {
        assertNotNull("a message", text);
        assertFalse("it is not empty", text.isBlank());
        assertTrue("it is not long: " + text.length() + " characters", text.length() <= LONGEST);
        assertFalse("it is printable: " + text, UNPRINTABLE.matcher(text).find());
        assertFalse("it names no class: " + text, CLASS.matcher(text).find());
    }
}
