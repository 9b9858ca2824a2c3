package org.counterex.web.provider;

/** A request that is not carried out: the status, and one line that says what was not done and why. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    Refusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    static Refusal bad(String message) {
        return new Refusal(400, message);
    }

    static Refusal missing(String message) {
        return new Refusal(404, message);
    }

    static Refusal busy(String message) {
        return new Refusal(503, message);
    }
}
