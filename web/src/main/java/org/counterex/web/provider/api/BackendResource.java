package org.counterex.web.provider.api;

import java.io.IOException;
import java.util.List;
import org.counterex.api.admin.BackendDTO;
import org.counterex.web.provider.http.ConcurrencyLimit;
import org.counterex.web.provider.http.HttpExchange;
import org.counterex.web.provider.http.Router;
import org.counterex.web.provider.json.JsonMapper;
import org.counterex.web.provider.live.RegistryServices;

/** The active backends. Thread-safe. */
final class BackendResource {

    private final RegistryServices registry;
    private final ConcurrencyLimit lists;

    /** @param lists limits responses that may be long */
    BackendResource(RegistryServices registry, ConcurrencyLimit lists) {
        this.registry = registry;
        this.lists = lists;
    }

    void addTo(Router router) {
        router.add("GET", "backends", this::list);
    }

    private void list(HttpExchange exchange) throws IOException {
        List<BackendDTO> backends = registry.admin().backends();
        lists.run(() -> exchange.send(json -> json.object(o -> o.name("backends")
                .array(a ->
                        backends.forEach(backend -> JsonMapper.backend(backend).writeTo(a))))));
    }
}
