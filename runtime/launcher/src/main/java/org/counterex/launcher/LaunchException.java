package org.counterex.launcher;

/** Why the program does not start, for the person who started it: one line. */
final class LaunchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LaunchException(String message) {
        super(message);
    }
}
