package org.counterex.launcher;

/** Failure to start the program, with a one-line message for the user. */
final class LaunchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LaunchException(String message) {
        super(message);
    }
}
