package org.counterex.web.provider.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.counterex.api.CounterNamespace;
import org.counterex.web.provider.http.ConcurrencyLimit;
import org.counterex.web.provider.http.HttpExchange;
import org.counterex.web.provider.http.Router;
import org.counterex.web.provider.json.JsonMapper;
import org.counterex.web.provider.live.RegistryServices;

/** All counters of a namespace: pages of them, removal and draining. Thread-safe. */
final class CounterListResource {

    private final RegistryServices registry;
    private final ConcurrencyLimit scans;

    /** @param scans limits operations that read all counters of a namespace */
    CounterListResource(RegistryServices registry, ConcurrencyLimit scans) {
        this.registry = registry;
        this.scans = scans;
    }

    void addTo(Router router) {
        router.add("GET", "namespaces/{}/counters", this::list);
        router.add("DELETE", "namespaces/{}/counters", this::clear);
        router.add("POST", "namespaces/{}/drain", this::drain);
    }

    private void list(HttpExchange exchange) throws IOException {
        String namespace = exchange.namespace();
        int offset = (int) exchange.number("offset", 0, 0, CounterPage.MAX_DEPTH);
        CounterPage page = new CounterPage(
                exchange.parameter("search", ""),
                exchange.word("sort", "key", "value").equals("value"),
                exchange.word("order", "asc", "desc").equals("asc"),
                offset,
                (int) exchange.number("limit", 50, 0, Api.MAX_ITEMS));
        scans.run(() -> {
            registry.namespace(namespace).getAll().entrySet().forEach(page::add);
            List<Map.Entry<String, Long>> items = page.items();
            exchange.send(json -> json.object(o -> o.name("namespace")
                    .value(namespace)
                    .name("counters")
                    .number(page.counters())
                    .name("matched")
                    .number(page.matched())
                    .name("offset")
                    .number(offset)
                    .name("items")
                    .array(a -> items.forEach(item ->
                            JsonMapper.item(item.getKey(), item.getValue()).writeTo(a)))));
        });
    }

    private void clear(HttpExchange exchange) throws IOException {
        CounterNamespace namespace = registry.namespace(exchange.namespace());
        namespace.deleteAll();
        exchange.send(json -> json.object(o -> o.name("namespace").value(namespace.name())));
    }

    private void drain(HttpExchange exchange) throws IOException {
        CounterNamespace namespace = registry.namespace(exchange.namespace());
        scans.run(() -> {
            Map<String, Long> drained = namespace.drain();
            exchange.send(json -> json.object(o -> o.name("namespace")
                    .value(namespace.name())
                    .name("items")
                    .array(a -> drained.forEach(
                            (key, value) -> JsonMapper.item(key, value).writeTo(a)))));
        });
    }
}
