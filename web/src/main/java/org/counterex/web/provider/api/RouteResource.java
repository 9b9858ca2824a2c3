package org.counterex.web.provider.api;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.counterex.api.admin.RouteDTO;
import org.counterex.web.provider.http.ConcurrencyLimit;
import org.counterex.web.provider.http.HttpError;
import org.counterex.web.provider.http.HttpExchange;
import org.counterex.web.provider.http.Router;
import org.counterex.web.provider.json.JsonBody;
import org.counterex.web.provider.json.JsonMapper;
import org.counterex.web.provider.live.RegistryServices;

/** The routes of namespaces to backends. Thread-safe. */
final class RouteResource {

    private final RegistryServices registry;
    private final ConcurrencyLimit lists;

    /** @param lists limits responses that may be long */
    RouteResource(RegistryServices registry, ConcurrencyLimit lists) {
        this.registry = registry;
        this.lists = lists;
    }

    void addTo(Router router) {
        router.add("GET", "routes", this::list);
        router.add("PUT", "routes", this::put);
        router.add("DELETE", "routes", this::delete);
    }

    private void list(HttpExchange exchange) throws IOException {
        List<RouteDTO> routes = registry.admin().routes();
        lists.run(() -> exchange.send(json -> json.object(o -> o.name("routes")
                .array(a -> routes.forEach(route -> JsonMapper.route(route).writeTo(a))))));
    }

    private void put(HttpExchange exchange) throws IOException {
        JsonBody body = exchange.body(Set.of("glob", "filter"));
        exchange.send(JsonMapper.moves(registry.admin().route(body.text("glob"), body.text("filter"))));
    }

    private void delete(HttpExchange exchange) throws IOException {
        String glob = exchange.parameter("glob", null);
        if (glob == null) {
            throw HttpError.badRequest("missing parameter: parameter=glob");
        }
        exchange.send(JsonMapper.moves(registry.admin().unroute(glob)));
    }
}
