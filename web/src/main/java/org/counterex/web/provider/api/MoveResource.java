package org.counterex.web.provider.api;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.counterex.api.admin.MoveDTO;
import org.counterex.web.provider.http.ConcurrencyLimit;
import org.counterex.web.provider.http.HttpExchange;
import org.counterex.web.provider.http.Router;
import org.counterex.web.provider.json.JsonMapper;
import org.counterex.web.provider.live.RegistryServices;

/** The log of moves. Thread-safe. */
final class MoveResource {

    private final RegistryServices registry;
    private final ConcurrencyLimit lists;

    /** @param lists limits responses that may be long */
    MoveResource(RegistryServices registry, ConcurrencyLimit lists) {
        this.registry = registry;
        this.lists = lists;
    }

    void addTo(Router router) {
        router.add("GET", "moves", this::list);
    }

    private void list(HttpExchange exchange) throws IOException {
        long after = exchange.number("after", 0, 0, Long.MAX_VALUE);
        int limit = (int) exchange.number("limit", 100, 0, Api.MAX_ITEMS);
        List<MoveDTO> newestFirst = new ArrayList<>(registry.admin().moves(after, limit));
        Collections.reverse(newestFirst);
        lists.run(() -> exchange.send(JsonMapper.moves(newestFirst)));
    }
}
