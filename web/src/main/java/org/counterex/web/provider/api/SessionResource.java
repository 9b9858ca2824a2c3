package org.counterex.web.provider.api;

import java.io.IOException;
import java.io.InputStream;
import org.counterex.web.provider.http.AccessControl;
import org.counterex.web.provider.http.AccessSettings;
import org.counterex.web.provider.http.HttpExchange;
import org.counterex.web.provider.http.Router;

/** What a client may do, and the description of the API. Thread-safe. */
final class SessionResource {

    private final AccessControl access;
    private final String version;

    SessionResource(AccessControl access, String version) {
        this.access = access;
        this.version = version;
    }

    void addTo(Router router) {
        router.add("GET", "session", this::session);
        router.add("GET", "openapi.json", this::description);
    }

    private void session(HttpExchange exchange) throws IOException {
        boolean trusted = access.isTrusted(exchange.request());
        exchange.send(json -> json.object(o -> o.name("token")
                .flag(trusted)
                .name("version")
                .value(version)
                .name("reads")
                .value(access.openReads() ? AccessSettings.OPEN : AccessSettings.TOKEN)));
    }

    private void description(HttpExchange exchange) throws IOException {
        exchange.response().setContentType("application/json");
        try (InputStream in = SessionResource.class.getResourceAsStream("openapi.json")) {
            in.transferTo(exchange.response().getOutputStream());
        }
    }
}
