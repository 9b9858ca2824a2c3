package org.counterex.launcher;

import java.io.PrintStream;
import org.apache.felix.framework.Logger;

/**
 * What the framework itself has to say goes to the log. By default it would go to standard output as that is when it
 * speaks, which during a command is the standard output of that command.
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
