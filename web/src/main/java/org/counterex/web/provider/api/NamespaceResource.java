package org.counterex.web.provider.api;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;
import org.counterex.web.provider.http.ConcurrencyLimit;
import org.counterex.web.provider.http.HttpExchange;
import org.counterex.web.provider.http.Router;
import org.counterex.web.provider.json.JsonBody;
import org.counterex.web.provider.json.JsonMapper;
import org.counterex.web.provider.live.NamespaceTotals;
import org.counterex.web.provider.live.RegistryServices;
import org.counterex.web.provider.live.Sampler;

/** Namespaces: where they are, and the operations that concern a namespace as a whole. Thread-safe. */
final class NamespaceResource {

    private final RegistryServices registry;
    private final Sampler sampler;
    private final ConcurrencyLimit lists;

    /** @param lists limits responses that may be long */
    NamespaceResource(RegistryServices registry, Sampler sampler, ConcurrencyLimit lists) {
        this.registry = registry;
        this.sampler = sampler;
        this.lists = lists;
    }

    void addTo(Router router) {
        router.add("GET", "namespaces", this::list);
        router.add("GET", "namespaces/{}", this::get);
        router.add("POST", "namespaces/{}/swap", this::swap);
        router.add("POST", "namespaces/{}/flush", this::flush);
    }

    private void list(HttpExchange exchange) throws IOException {
        Predicate<String> search = new NameSearch(exchange.parameter("search", ""));
        int offset = (int) exchange.number("offset", 0, 0, Integer.MAX_VALUE);
        int limit = (int) exchange.number("limit", Api.MAX_ITEMS, 0, Api.MAX_ITEMS);
        NamespaceTotals totals = sampler.totals();
        List<NamespaceDTO> matching = registry.admin().namespaces().stream()
                .filter(namespace -> search.test(namespace.namespace))
                .toList();
        lists.run(() -> exchange.send(json -> json.object(o -> o.name("matched")
                .number(matching.size())
                .name("offset")
                .number(offset)
                .name("namespaces")
                .array(a -> matching.stream()
                        .skip(offset)
                        .limit(limit)
                        .forEach(namespace -> totals.describe(namespace).writeTo(a))))));
    }

    private void get(HttpExchange exchange) throws IOException {
        NamespaceTotals totals = sampler.totals();
        exchange.send(totals.describe(registry.admin().explain(exchange.namespace())));
    }

    private void swap(HttpExchange exchange) throws IOException {
        String namespace = exchange.namespace();
        JsonBody body = exchange.body(Set.of("backend"));
        MoveDTO move = registry.admin().swap(namespace, body.text("backend"));
        exchange.send(JsonMapper.move(move));
    }

    private void flush(HttpExchange exchange) throws IOException {
        String namespace = exchange.namespace();
        registry.admin().flush(namespace);
        exchange.send(json -> json.object(o -> o.name("namespace").value(namespace)));
    }
}
