package org.counterex.web.provider.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.counterex.api.CounterNames;

/** Table of operations, by method and path. Thread-safe once all operations are added. */
public final class Router {

    /** Path segment that matches any segment and becomes a path parameter. */
    private static final String PARAMETER = "{}";

    private final List<Operation> operations = new ArrayList<>();

    private record Operation(String method, List<String> path, RequestHandler handler) {

        boolean matches(List<String> segments) {
            if (segments.size() != path.size()) {
                return false;
            }
            for (int i = 0; i < segments.size(); i++) {
                if (!path.get(i).equals(PARAMETER) && !path.get(i).equals(segments.get(i))) {
                    return false;
                }
            }
            return true;
        }

        List<String> parameters(List<String> segments) {
            List<String> parameters = new ArrayList<>();
            for (int i = 0; i < segments.size(); i++) {
                if (path.get(i).equals(PARAMETER)) {
                    parameters.add(segments.get(i));
                }
            }
            return parameters;
        }
    }

    /**
     * Adds an operation.
     *
     * @param path segments separated by slashes; {@code {}} matches any segment
     */
    public void add(String method, String path, RequestHandler handler) {
        operations.add(new Operation(method, List.of(path.split("/")), handler));
    }

    /**
     * Dispatches a request to its operation.
     *
     * @param segments decoded segments of the path after {@code /api/}
     * @throws HttpError no operation matches, or the operation failed
     */
    void handle(List<String> segments, HttpExchange exchange) throws IOException {
        String method = exchange.request().getMethod();
        Set<String> allowed = new TreeSet<>();
        for (Operation operation : operations) {
            if (operation.matches(segments)) {
                if (operation.method().equals(method.equals("HEAD") ? "GET" : method)) {
                    exchange.pathParameters(operation.parameters(segments));
                    operation.handler().handle(exchange);
                    return;
                }
                allowed.add(operation.method());
            }
        }
        if (allowed.isEmpty()) {
            throw HttpError.notFound("unknown path: see /api/openapi.json");
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        exchange.response().setHeader("Allow", String.join(", ", allowed));
        throw new HttpError(
                405,
                "method is not allowed: method=" + CounterNames.printable(method) + " allowed="
                        + String.join(" or ", allowed));
    }
}
