package org.counterex.web.provider;

import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterException;
import org.counterex.api.NoBackendException;

/** A request that is not carried out: the status, and one line that says what was not done and why. */
final class HttpError extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    HttpError(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    /** What is said of a problem that a request can bring about; null of any other. */
    static HttpError of(RuntimeException problem) {
        if (problem instanceof HttpError refusal) {
            return refusal;
        }
        if (problem instanceof IllegalArgumentException) {
            return bad(problem.getMessage());
        }
        if (problem instanceof NoBackendException || problem instanceof BackendUnavailableException) {
            return busy(problem.getMessage());
        }
        return problem instanceof CounterException ? new HttpError(409, problem.getMessage()) : null;
    }

    static HttpError bad(String message) {
        return new HttpError(400, message);
    }

    static HttpError missing(String message) {
        return new HttpError(404, message);
    }

    static HttpError busy(String message) {
        return new HttpError(503, message);
    }
}
