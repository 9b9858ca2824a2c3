package org.counterex.web.provider.metrics;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.web.provider.http.ConcurrencyLimit;
import org.counterex.web.provider.http.HttpError;
import org.counterex.web.provider.http.HttpExchange;
import org.counterex.web.provider.http.RequestHandler;
import org.counterex.web.provider.live.RegistryServices;

/**
 * Handler of scrapes. The number of concurrent scrapes is limited; a scrape whose client stalls is aborted by the
 * server, one whose client is too slow by the guard of its stream. A response without its last line is incomplete.
 * Thread-safe.
 */
public final class Metrics implements RequestHandler {

    private static final int CONCURRENT_SCRAPES = 4;

    private final RegistryServices registry;
    private final MetricsSettings settings;
    private final String version;
    private final MetricsMoves moves = new MetricsMoves();
    private final ConcurrencyLimit scrapes = new ConcurrencyLimit(CONCURRENT_SCRAPES);

    public Metrics(RegistryServices registry, MetricsSettings settings, String version) {
        this.registry = registry;
        this.settings = settings;
        this.version = version;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The parameters {@code include} and {@code exclude} (each repeatable) and {@code limit} narrow what is
     * configured.
     */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String method = exchange.request().getMethod();
        HttpServletResponse response = exchange.response();
        boolean head = method.equals("HEAD");
        if (!head && !method.equals("GET")) {
            response.setHeader("Allow", "GET, HEAD");
            throw new HttpError(405, "method is not allowed: allowed=GET or HEAD");
        }
        MetricsFilter filter = new MetricsFilter(
                settings.filter(), exchange.decodedParameters("include"), exchange.decodedParameters("exclude"));
        long limit = exchange.number("limit", settings.limit(), 0, settings.limit());
        Counters counters = registry.counters();
        BackendRegistry admin = registry.admin();
        OpenMetricsFormat format =
                OpenMetricsFormat.preferred(exchange.request().getHeader("Accept"));
        scrapes.run(() -> {
            response.setContentType(format.contentType());
            response.setHeader("Vary", "Accept");
            if (head) {
                return;
            }
            // Closed only on success: otherwise the server would end a partial response as if it were complete.
            Writer out = exchange.writer();
            try {
                new OpenMetrics(format, out, filter, limit).write(counters, admin, moves, version);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            out.close();
        });
    }
}
