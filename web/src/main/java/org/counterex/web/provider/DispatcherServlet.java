package org.counterex.web.provider;

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
 * The page and the API. Everything that a request can bring about becomes a status and one line here; only what is wrong with the program
 * goes to the log.
 */
final class DispatcherServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private final transient StaticFiles page = new StaticFiles();
    private final transient Api api;
    private final transient Metrics metrics;
    private final transient ServiceLog log;

    DispatcherServlet(Api api, Metrics metrics, ServiceLog log) {
        this.api = api;
        this.metrics = metrics;
        this.log = log;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            answer(request, response);
        } catch (CharacterCodingException e) {
            refuse(response, HttpError.bad("body is not UTF-8"));
        } catch (InterruptedIOException e) {
            refuse(response, new HttpError(408, e.getMessage()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            HttpError refusal = HttpError.of(e);
            if (refusal == null) {
                log.error("a request failed: method=" + CounterNames.printable(request.getMethod()), e);
                refusal = new HttpError(500, "request failed, see log/counterex.log");
            }
            refuse(response, refusal);
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String uri = request.getRequestURI();
        if (StaticFiles.isOf(uri)) {
            String method = request.getMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                response.setHeader("Allow", "GET, HEAD");
                throw new HttpError(405, "method is not for this path: method=" + CounterNames.printable(method));
            }
            page.send(request, response);
            return;
        }
        if (uri.equals(Metrics.PATH)) {
            metrics.answer(new HttpExchange(request, response));
            return;
        }
        List<String> parts = RawPath.parts(uri);
        if (!parts.get(0).equals("api")) {
            throw HttpError.missing("there is no such path");
        }
        api.answer(parts.subList(1, parts.size()), new HttpExchange(request, response));
    }

    private static void refuse(HttpServletResponse response, HttpError refusal) throws IOException {
        if (response.isCommitted()) {
            // Not to be taken for the whole: the connection ends in the middle.
            throw new IOException(refusal.getMessage());
        }
        response.resetBuffer();
        HttpExchange.refuse(response, refusal);
    }
}
