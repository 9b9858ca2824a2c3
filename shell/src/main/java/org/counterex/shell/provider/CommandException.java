package org.counterex.shell.provider;

/** What went wrong, for the person at the shell: one line, safe on a terminal. Gogo shows an exception as its string. */
final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1;

    CommandException(String message) {
        this(message, null);
    }

    CommandException(String message, Throwable cause) {
        super(Names.safe(message), cause);
    }

    /** The message alone: what the class is called is of no use to the reader. */
    @Override
    public String toString() {
        return getMessage();
    }
}
