package org.counterex.web.provider.http;

import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterException;
import org.counterex.api.NoBackendException;
import org.counterex.support.json.JsonException;

/** Response to a request that was rejected or failed: a status, and one line that names the problem. */
public final class HttpError extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    public HttpError(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** Returns the response to a problem that a request can cause; null for any other problem. */
    public static HttpError of(RuntimeException problem) {
        if (problem instanceof HttpError error) {
            return error;
        }
        if (problem instanceof JsonException) {
            return badRequest("invalid request body: " + problem.getMessage());
        }
        if (problem instanceof IllegalArgumentException) {
            return badRequest(problem.getMessage());
        }
        if (problem instanceof NoBackendException || problem instanceof BackendUnavailableException) {
            return unavailable(problem.getMessage());
        }
        return problem instanceof CounterException ? new HttpError(409, problem.getMessage()) : null;
    }

    public static HttpError badRequest(String message) {
        return new HttpError(400, message);
    }

    public static HttpError notFound(String message) {
        return new HttpError(404, message);
    }

    public static HttpError unavailable(String message) {
        return new HttpError(503, message);
    }
}
