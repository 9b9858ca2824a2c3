package org.counterex.shell.provider.command;

import org.counterex.api.CounterNames;

/**
 * Failure of a command, with a one-line message that is safe on a terminal. Gogo shows an exception by its {@link
 * #toString()}.
 */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public CommandException(String message) {
        this(message, null);
    }

    public CommandException(String message, Throwable cause) {
        super(CounterNames.escape(message), cause);
    }

    /** Returns the message without the class name. */
    @Override
    public String toString() {
        return getMessage();
    }
}
