package org.counterex.web.provider.api;

import java.io.IOException;
import java.util.Set;
import org.counterex.api.CasResult;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.web.provider.http.HttpError;
import org.counterex.web.provider.http.HttpExchange;
import org.counterex.web.provider.http.Router;
import org.counterex.web.provider.json.JsonBody;
import org.counterex.web.provider.json.JsonMapper;
import org.counterex.web.provider.live.RegistryServices;

/** One counter and its operations. Thread-safe. */
final class CounterResource {

    private static final String PATH = "namespaces/{}/counters/{}";

    private final RegistryServices registry;

    CounterResource(RegistryServices registry) {
        this.registry = registry;
    }

    void addTo(Router router) {
        router.add("GET", PATH, this::get);
        router.add("PUT", PATH, this::set);
        router.add("DELETE", PATH, this::delete);
        router.add("POST", PATH + "/inc", this::inc);
        router.add("POST", PATH + "/reset", this::reset);
        router.add("POST", PATH + "/cas", this::compareAndSwap);
    }

    @FunctionalInterface
    private interface Update {
        long apply(CounterNamespace namespace, String key);
    }

    private void get(HttpExchange exchange) throws IOException {
        String namespace = exchange.namespace();
        String key = exchange.key();
        long value = registry.namespace(namespace)
                .get(key)
                .orElseThrow(() -> HttpError.notFound("no such counter: namespace=" + CounterNames.printable(namespace)
                        + " key=" + CounterNames.printable(key)));
        exchange.send(JsonMapper.counter(namespace, key, value));
    }

    private void set(HttpExchange exchange) throws IOException {
        JsonBody body = exchange.body(Set.of("value"));
        update(exchange, (namespace, key) -> namespace.set(key, body.value("value")));
    }

    private void delete(HttpExchange exchange) throws IOException {
        String namespace = exchange.namespace();
        String key = exchange.key();
        registry.namespace(namespace).delete(key);
        exchange.send(json -> json.object(
                o -> o.name("namespace").value(namespace).name("key").value(key)));
    }

    private void inc(HttpExchange exchange) throws IOException {
        JsonBody body = exchange.body(Set.of("step", "initial"));
        update(exchange, (namespace, key) -> namespace.inc(key, body.value("step", "1"), body.value("initial", "0")));
    }

    private void reset(HttpExchange exchange) throws IOException {
        JsonBody body = exchange.body(Set.of("value"));
        update(exchange, (namespace, key) -> namespace.reset(key, body.value("value", "0")));
    }

    private void compareAndSwap(HttpExchange exchange) throws IOException {
        String namespace = exchange.namespace();
        String key = exchange.key();
        JsonBody body = exchange.body(Set.of("expected", "value"));
        CasResult result =
                registry.namespace(namespace).compareAndSwap(key, body.value("expected"), body.value("value"));
        exchange.send(json -> json.object(
                o -> o.name("swapped").flag(result.swapped()).name("value").value(Long.toString(result.value()))));
    }

    private void update(HttpExchange exchange, Update update) throws IOException {
        CounterNamespace namespace = registry.namespace(exchange.namespace());
        String key = exchange.key();
        long value = update.apply(namespace, key);
        exchange.send(JsonMapper.counter(namespace.name(), key, value));
    }
}
