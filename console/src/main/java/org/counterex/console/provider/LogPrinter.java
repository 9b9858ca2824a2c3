package org.counterex.console.provider;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.Logger;

/** Prints what is logged: level, logger, message, and the stack of an exception. */
final class LogPrinter implements LogListener {

    /** Loggers of what the log service itself notes of the framework: noise, but for errors. */
    private static final String EVENTS = "Events.";

    /** Loggers of bundles that log without one. */
    private static final String NO_LOGGER = "LogService.";

    private static final String LAST = "stopped";
    private static final long LAST_MS = 1_000;

    private final PrintStream out;
    private final CountDownLatch last = new CountDownLatch(1);

    LogPrinter(PrintStream out) {
        this.out = out;
    }

    @Override
    public void logged(LogEntry entry) {
        if (!entry.getLoggerName().startsWith(EVENTS) || entry.getLogLevel() == LogLevel.ERROR) {
            out.print(text(entry));
        }
        if (LAST.equals(entry.getMessage())) {
            last.countDown();
        }
    }

    /** Waits until everything that was logged so far is printed, since the log service does that later. */
    void finish(Logger logger) throws InterruptedException {
        logger.info(LAST);
        last.await(LAST_MS, TimeUnit.MILLISECONDS);
    }

    private static String text(LogEntry entry) {
        String logger = entry.getLoggerName();
        String source = logger.startsWith(EVENTS) || logger.startsWith(NO_LOGGER)
                ? entry.getBundle().getSymbolicName()
                : logger;
        Throwable problem = entry.getException();
        StringWriter text = new StringWriter();
        text.append(entry.getLogLevel() + " " + source + ": " + entry.getMessage());
        if (problem == null) {
            text.append('\n');
        } else {
            text.append(": " + message(problem) + "\n");
            problem.printStackTrace(new PrintWriter(text, true));
        }
        return text.toString();
    }

    /** What the outermost exception says that says anything; the first may only wrap another. */
    private static String message(Throwable problem) {
        boolean silent = problem.getMessage() == null || problem.getMessage().endsWith(": null");
        return silent && problem.getCause() != null ? message(problem.getCause()) : problem.getMessage();
    }
}
