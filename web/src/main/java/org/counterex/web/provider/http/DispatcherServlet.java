package org.counterex.web.provider.http;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import org.counterex.api.CounterNames;
import org.counterex.support.log.ServiceLog;

/**
 * Servlet that dispatches requests to the page, the API and the metrics. Every problem that a request can cause becomes
 * a status and one line of text here; only faults of the program are logged.
 */
public final class DispatcherServlet extends HttpServlet {

    /** Path of the metrics. */
    static final String METRICS = "/metrics";

    private static final long serialVersionUID = 1;

    private final transient StaticFiles files = new StaticFiles();
    private final transient Router api;
    private final transient RequestHandler metrics;
    private final transient ServiceLog log;

    public DispatcherServlet(Router api, RequestHandler metrics, ServiceLog log) {
        this.api = api;
        this.metrics = metrics;
        this.log = log;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            dispatch(request, response);
        } catch (CharacterCodingException e) {
            sendError(response, HttpError.badRequest("invalid request body: not UTF-8"));
        } catch (InterruptedIOException e) {
            sendError(response, new HttpError(408, e.getMessage()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            HttpError error = HttpError.of(e);
            if (error == null) {
                log.error("request failed: method=" + CounterNames.printable(request.getMethod()), e);
                error = new HttpError(500, "request failed: see log/counterex.log");
            }
            sendError(response, error);
        }
    }

    private void dispatch(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String uri = request.getRequestURI();
        if (StaticFiles.matches(uri)) {
            String method = request.getMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                response.setHeader("Allow", "GET, HEAD");
                throw new HttpError(
                        405,
                        "method is not allowed: method=" + CounterNames.printable(method) + " allowed=GET or HEAD");
            }
            files.send(request, response);
            return;
        }
        if (uri.equals(METRICS)) {
            metrics.handle(new HttpExchange(request, response));
            return;
        }
        List<String> segments = RawPath.segments(uri);
        if (!segments.get(0).equals("api")) {
            throw HttpError.notFound("unknown path");
        }
        api.handle(segments.subList(1, segments.size()), new HttpExchange(request, response));
    }

    private static void sendError(HttpServletResponse response, HttpError error) throws IOException {
        if (response.isCommitted()) {
            // Break the connection, so that the client does not take a partial response for a complete one.
            throw new IOException(error.getMessage());
        }
        response.resetBuffer();
        HttpExchange.sendError(response, error);
    }
}
