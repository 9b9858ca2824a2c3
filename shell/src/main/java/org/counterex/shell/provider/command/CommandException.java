package org.counterex.shell.provider.command;

import org.counterex.api.CounterNames;

/** What went wrong, for the person at the shell: one line, safe on a terminal. Gogo shows an exception as its string. */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public CommandException(String message) {
        this(message, null);
    }

    public CommandException(String message, Throwable cause) {
        super(CounterNames.escape(message), cause);
    }

    /** The message alone: what the class is called is of no use to the reader. */
    @Override
    public String toString() {
        return getMessage();
    }
}
