package org.counterex.launcher;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.felix.framework.Logger;
import org.junit.Test;

public class FrameworkLogTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final FrameworkLog log = new FrameworkLog(new PrintStream(written, true, StandardCharsets.UTF_8));

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    public void message_anyLevel_namesTheFramework() {
        log.setLogLevel(Logger.LOG_WARNING);
        log.log(Logger.LOG_WARNING, "bundle is odd");
        assertEquals("WARN framework: bundle is odd" + System.lineSeparator(), text());
    }

    @Test
    public void message_withException_hasItsStackTrace() {
        log.log(Logger.LOG_ERROR, "bundle is broken", new IllegalStateException("no manifest"));
        assertTrue(text(), text().startsWith("ERROR framework: bundle is broken" + System.lineSeparator()));
        assertTrue(text(), text().contains("IllegalStateException: no manifest"));
    }
}
