package org.counterex.web.provider;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;

/**
 * What scrapers get at {@value #PATH}. A few scrapes run at a time and others are told to come again; one that does not get on is
 * ended, by the server if nothing moves and by {@link SlowClientGuard} if too little does. What ends without its last line was cut off.
 * Thread-safe.
 */
final class Metrics {

    static final String PATH = "/metrics";

    private static final int SCRAPES = 4;

    private final RegistryServices registry;
    private final MetricsSettings settings;
    private final String version;
    private final MetricsMoves moves = new MetricsMoves();
    private final ConcurrencyLimit scans = new ConcurrencyLimit(SCRAPES);

    Metrics(RegistryServices registry, MetricsSettings settings, String version) {
        this.registry = registry;
        this.settings = settings;
        this.version = version;
    }

    /**
     * Answers a scrape. It may ask for less than is configured: {@code include}, {@code exclude} (each repeatable), {@code limit}.
     *
     * @throws HttpError it is not carried out
     */
    void answer(HttpExchange exchange) throws IOException {
        String method = exchange.request().getMethod();
        HttpServletResponse response = exchange.response();
        boolean head = method.equals("HEAD");
        if (!head && !method.equals("GET")) {
            response.setHeader("Allow", "GET, HEAD");
            throw new HttpError(405, "method is not for this path: wanted=GET or HEAD");
        }
        MetricsFilter filter =
                new MetricsFilter(settings.filter(), exchange.texts("include"), exchange.texts("exclude"));
        long limit = exchange.number("limit", settings.limit(), 0, settings.limit());
        Counters counters = registry.counters();
        BackendRegistry administration = registry.administration();
        OpenMetricsFormat format =
                OpenMetricsFormat.preferred(exchange.request().getHeader("Accept"));
        scans.run(() -> {
            response.setContentType(format.contentType());
            response.setHeader("Vary", "Accept");
            if (head) {
                return;
            }
            // Closed only if all went well: otherwise the server would end the answer as if it were whole.
            Writer out = exchange.writer();
            try {
                new OpenMetrics(format, out, filter, limit).write(counters, administration, moves, version);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            out.close();
        });
    }
}
