package org.counterex.web.provider.api;

import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.util.List;
import org.counterex.web.provider.http.HttpError;
import org.counterex.web.provider.http.HttpExchange;
import org.counterex.web.provider.http.Router;
import org.counterex.web.provider.live.Chart;
import org.counterex.web.provider.live.Sampler;
import org.counterex.web.provider.live.SseConnection;

/** The stream of samples, moves and changes of backends, as server-sent events. Thread-safe. */
final class EventResource {

    private static final int MAX_CHARTS = 20;

    private final Sampler sampler;

    EventResource(Sampler sampler) {
        this.sampler = sampler;
    }

    void addTo(Router router) {
        router.add("GET", "events", this::stream);
    }

    private void stream(HttpExchange exchange) throws IOException {
        List<String> requested = exchange.parameters("chart");
        if (requested.size() > MAX_CHARTS) {
            throw HttpError.badRequest("too many charts: charts=" + requested.size() + " max=" + MAX_CHARTS);
        }
        List<Chart> charts = requested.stream().map(Chart::of).distinct().toList();
        exchange.response().setContentType("text/event-stream");
        exchange.response().setCharacterEncoding("utf-8");
        if (exchange.request().getMethod().equals("HEAD")) {
            return;
        }
        sampler.reserve();
        SseConnection connection;
        try {
            AsyncContext context = exchange.request().startAsync();
            context.setTimeout(0);
            connection = new SseConnection(context, exchange.response().getOutputStream(), charts, sampler::remove);
            context.addListener(connection);
            sampler.add(connection);
        } catch (IOException | RuntimeException e) {
            sampler.cancelReservation();
            throw e;
        }
        connection.begin();
    }
}
