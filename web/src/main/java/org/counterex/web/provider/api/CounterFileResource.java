package org.counterex.web.provider.api;

import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.counterex.api.CounterNamespace;
import org.counterex.support.json.CounterDocument;
import org.counterex.web.provider.http.ConcurrencyLimit;
import org.counterex.web.provider.http.HttpError;
import org.counterex.web.provider.http.HttpExchange;
import org.counterex.web.provider.http.Router;
import org.counterex.web.provider.live.RegistryServices;

/** Export and import of the counters of a namespace as a file. Thread-safe. */
final class CounterFileResource {

    private final RegistryServices registry;
    private final ConcurrencyLimit scans;

    /** @param scans limits operations that read or set all counters of a namespace */
    CounterFileResource(RegistryServices registry, ConcurrencyLimit scans) {
        this.registry = registry;
        this.scans = scans;
    }

    void addTo(Router router) {
        router.add("GET", "namespaces/{}/export", this::exportCounters);
        router.add("POST", "namespaces/{}/import", this::importCounters);
    }

    private void exportCounters(HttpExchange exchange) throws IOException {
        CounterNamespace namespace = registry.namespace(exchange.namespace());
        scans.run(() -> {
            Map<String, Long> counters = namespace.getAll();
            exchange.response().setContentType("application/json");
            exchange.response().setHeader("Content-Disposition", "attachment; filename=\"counters.json\"");
            try (Writer out = exchange.writer()) {
                CounterDocument.write(namespace.name(), counters, true, out);
            }
        });
    }

    private void importCounters(HttpExchange exchange) throws IOException {
        CounterNamespace namespace = registry.namespace(exchange.namespace());
        scans.run(() -> {
            AtomicInteger set = new AtomicInteger();
            try {
                CounterDocument.read(exchange.reader(), false, (key, value) -> {
                    namespace.set(key, value);
                    set.incrementAndGet();
                    return true;
                });
            } catch (RuntimeException e) {
                HttpError error = HttpError.of(e);
                if (error == null) {
                    throw e;
                }
                throw new HttpError(error.status(), error.getMessage() + " set before=" + set);
            }
            exchange.send(json -> json.object(o ->
                    o.name("namespace").value(namespace.name()).name("imported").number(set.get())));
        });
    }
}
