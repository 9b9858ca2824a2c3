package org.counterex.web.provider.http;

import java.io.IOException;

/** Handler of one operation. */
@FunctionalInterface
public interface RequestHandler {

    /**
     * Carries out a request and writes its response.
     *
     * @throws HttpError the request was rejected or failed
     */
    void handle(HttpExchange exchange) throws IOException;
}
