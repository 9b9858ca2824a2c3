package org.counterex.support.log;

import java.util.function.Supplier;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Log of one bundle. Messages go to the log service that is present when they are logged; without one they are dropped,
 * as counting does not depend on it. Thread-safe.
 */
public final class ServiceLog {

    private final String name;
    private final Supplier<LoggerFactory> service;

    /**
     * @param name the name of the logger, by convention the PID or symbolic name of the bundle
     * @param service supplies the log service, or null while there is none
     */
    public ServiceLog(String name, Supplier<LoggerFactory> service) {
        this.name = name;
        this.service = service;
    }

    /** Logs a message for operators at level INFO. */
    public void info(String message) {
        log(Logger::info, Logger::info, message, null);
    }

    /** Logs a warning. */
    public void warn(String message) {
        warn(message, null);
    }

    /**
     * Logs a warning with the stack trace of its cause.
     *
     * @param cause null if there is none
     */
    public void warn(String message, Throwable cause) {
        log(Logger::warn, Logger::warn, message, cause);
    }

    /** Logs an error. */
    public void error(String message) {
        error(message, null);
    }

    /**
     * Logs an error with the stack trace of its cause.
     *
     * @param cause null if there is none
     */
    public void error(String message, Throwable cause) {
        log(Logger::error, Logger::error, message, cause);
    }

    /** A format of the logger with one argument, the message: its own braces are not taken for placeholders. */
    private interface Format {
        void log(Logger logger, String format, Object message);
    }

    private interface FormatWithCause {
        void log(Logger logger, String format, Object message, Object cause);
    }

    private void log(Format plain, FormatWithCause withCause, String message, Throwable cause) {
        LoggerFactory factory = service.get();
        if (factory == null) {
            return;
        }
        Logger logger = factory.getLogger(name);
        // A null cause would be one argument too many for the format, of which log4j warns.
        if (cause == null) {
            plain.log(logger, "{}", message);
        } else {
            withCause.log(logger, "{}", message, cause);
        }
    }
}
