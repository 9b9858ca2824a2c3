package org.counterex.web.provider.api;

import org.counterex.web.provider.http.AccessControl;
import org.counterex.web.provider.http.ConcurrencyLimit;
import org.counterex.web.provider.http.Router;
import org.counterex.web.provider.live.RegistryServices;
import org.counterex.web.provider.live.Sampler;

/** The operations of the JSON API, which {@code openapi.json} describes. */
public final class Api {

    /** Maximum number of items in a response. */
    static final int MAX_ITEMS = 1_000;

    private static final int CONCURRENT_SCANS = 4;
    private static final int CONCURRENT_LISTS = 16;

    private Api() {}

    /** Returns the table of all operations. */
    public static Router router(RegistryServices registry, AccessControl access, Sampler sampler, String version) {
        ConcurrencyLimit scans = new ConcurrencyLimit(CONCURRENT_SCANS);
        ConcurrencyLimit lists = new ConcurrencyLimit(CONCURRENT_LISTS);
        Router router = new Router();
        new SessionResource(access, version).addTo(router);
        new NamespaceResource(registry, sampler, lists).addTo(router);
        new CounterListResource(registry, scans).addTo(router);
        new CounterFileResource(registry, scans).addTo(router);
        new CounterResource(registry).addTo(router);
        new BackendResource(registry, lists).addTo(router);
        new RouteResource(registry, lists).addTo(router);
        new MoveResource(registry, lists).addTo(router);
        new EventResource(sampler).addTo(router);
        return router;
    }
}
