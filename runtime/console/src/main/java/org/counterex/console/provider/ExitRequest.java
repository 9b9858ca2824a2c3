package org.counterex.console.provider;

/** Request to end the input, thrown by {@code exit} through the code that runs it. */
final class ExitRequest extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    ExitRequest(int status) {
        super("exit", null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
