package org.counterex.launcher;

import java.io.PrintStream;
import org.apache.felix.framework.Logger;

/**
 * Framework logger that writes to the log file. Felix's default logger writes to the current {@link System#out}, which
 * is the output of the running command while a command runs.
 */
final class FrameworkLog extends Logger {

    private final PrintStream log;

    FrameworkLog(PrintStream log) {
        this.log = log;
    }

    @Override
    protected void doLogOut(int level, String message, Throwable problem) {
        synchronized (log) {
            log.println((level <= LOG_ERROR ? "ERROR" : "WARN") + " framework: " + message);
            if (problem != null) {
                problem.printStackTrace(log);
            }
        }
    }
}
