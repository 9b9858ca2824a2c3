package org.counterex.registry.provider.routing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.counterex.api.Glob;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.PlainBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.junit.Test;

/** The order of candidates, and the filters made from references of users. */
public class PlacementResolverTest {

    private long ids;

    private BackendHandle backend(String type, Object... more) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(CounterBackend.TYPE, type);
        properties.put("service.id", ++ids);
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        return new BackendHandle(new PlainBackend(), properties, "test");
    }

    private static Route route(String pid, int ranking, String filter, String... globs) {
        return new Route(pid, Stream.of(globs).map(Glob::of).toList(), Route.filter(filter), ranking);
    }

    private static List<BackendHandle> order(PlacementResolver resolver, String namespace) {
        return resolver.choices(namespace).stream()
                .map(PlacementResolver.Choice::backend)
                .toList();
    }

    @Test
    public void default_isEtsThenRankingThenAge() {
        BackendHandle older = backend("b");
        BackendHandle younger = backend("a");
        BackendHandle high = backend("c", "service.ranking", 5);
        BackendHandle ets = backend("ets", "service.ranking", -5);
        BackendHandle ets2 = backend("ets", "service.ranking", -6);
        PlacementResolver resolver = new PlacementResolver(List.of(), List.of(younger, ets2, high, ets, older));
        assertEquals(List.of(ets, ets2, high, older, younger), order(resolver, "ns"));
        assertEquals(
                "ets is the default where no route or claim applies",
                resolver.choices("ns").get(0).reason());
    }

    @Test
    public void retainingBackend_isNeverTheDefault() {
        BackendHandle own =
                backend("ets", CounterBackend.RETENTION, CounterBackend.RETENTION_LOCAL, "service.ranking", 9);
        BackendHandle shared =
                backend("s", CounterBackend.RETENTION, CounterBackend.RETENTION_SHARED, "service.ranking", 9);
        assertEquals(List.of(), order(new PlacementResolver(List.of(), List.of(own, shared)), "ns"));
        BackendHandle plain = backend("plain");
        assertEquals(List.of(plain), order(new PlacementResolver(List.of(), List.of(own, plain, shared)), "ns"));
        Route route = route("r", 0, "(counterex.retention=local)", "ns");
        assertEquals(List.of(own, plain), order(new PlacementResolver(List.of(route), List.of(own, plain)), "ns"));
    }

    @Test
    public void claims_precedeTheDefault() {
        BackendHandle ets = backend("ets");
        BackendHandle claims = backend("a", CounterBackend.NAMESPACES, new String[] {"x", "n?"});
        BackendHandle more = backend("b", CounterBackend.NAMESPACES, List.of("n*"), "service.ranking", 1);
        BackendHandle one = backend("c", CounterBackend.NAMESPACES, "*s");
        PlacementResolver resolver = new PlacementResolver(List.of(), List.of(ets, one, claims, more));
        assertEquals(List.of(more, claims, one, ets), order(resolver, "ns"));
        assertEquals("the backend claims n*", resolver.choices("ns").get(0).reason());
        assertEquals(List.of(ets, more, claims, one), order(resolver, "other").subList(0, 4));
    }

    @Test
    public void routes_precedeClaims_namesPrecedeWildcards() {
        BackendHandle ets = backend("ets");
        BackendHandle claims = backend("claims", CounterBackend.NAMESPACES, new String[] {"ns"});
        BackendHandle a = backend("a");
        BackendHandle b = backend("b");
        BackendHandle c = backend("c");
        List<BackendHandle> all = List.of(ets, claims, a, b, c);
        Route wild = route("wild", 100, "(counterex.backend=a)", "n*");
        Route named = route("named", -100, "(counterex.backend=b)", "*x", "ns");
        Route second = route("second", -200, "(counterex.backend=c)", "ns");
        Route idle = route("idle", 500, "(counterex.backend=absent)", "ns");
        PlacementResolver resolver = new PlacementResolver(List.of(wild, second, named, idle), all);
        assertEquals(List.of(b, c, a, claims, ets), order(resolver, "ns"));
        assertEquals(
                "route ns has target (counterex.backend=b)",
                resolver.choices("ns").get(0).reason());
        assertEquals(a, order(resolver, "nsx").get(0));
        assertEquals(b, order(resolver, "xx").get(0));
        assertEquals(
                claims.type(),
                order(new PlacementResolver(List.of(idle), all), "ns").get(0).type());
    }

    @Test
    public void quotedName_matchesThatNameOnly() {
        BackendHandle ets = backend("ets");
        BackendHandle a = backend("a");
        PlacementResolver resolver =
                new PlacementResolver(List.of(route("r", 0, "(counterex.backend=a)", "n\\*")), List.of(ets, a));
        assertEquals(a, order(resolver, "n*").get(0));
        assertEquals(ets, order(resolver, "ns").get(0));
    }

    @Test
    public void pendingDelete_excludesBackendForThatNamespace() {
        BackendHandle ets = backend("ets");
        BackendHandle a = backend("a");
        ets.pendingDeletes("ns").add("k");
        PlacementResolver resolver =
                new PlacementResolver(List.of(route("r", 0, "(counterex.backend=ets)", "*")), List.of(ets, a));
        assertEquals(List.of(a), order(resolver, "ns"));
        assertEquals(List.of(ets, a), order(resolver, "other"));
        ets.retryDeletes();
        assertEquals(List.of(ets, a), order(resolver, "ns"));
    }

    @Test
    public void resolution_isIndependentOfArrivalOrder() {
        BackendHandle a = backend("a", "service.ranking", 1);
        BackendHandle b = backend("b", CounterBackend.NAMESPACES, "n*");
        BackendHandle c = backend("c");
        Route first = route("first", 1, "(counterex.backend=c)", "n*");
        Route second = route("second", 1, "(counterex.backend=a)", "*s");
        List<BackendHandle> expected = order(new PlacementResolver(List.of(first, second), List.of(a, b, c)), "ns");
        assertEquals(expected, order(new PlacementResolver(List.of(second, first), List.of(c, b, a)), "ns"));
    }

    /** The filter made from a reference selects the backend that the reference selects now. */
    @Test
    public void filterFor_reference_matchesSameBackend() {
        BackendHandle main = backend("redis", CounterBackend.NAME, "main");
        BackendHandle odd = backend("re(d*i\\s", CounterBackend.NAME, "a)b");
        BackendHandle other = backend("redis", CounterBackend.NAME, "other", "service.ranking", 3);
        BackendHandle nameless = backend("plain");
        PlacementResolver resolver = new PlacementResolver(List.of(), List.of(main, odd, other, nameless));
        for (String reference : List.of(
                "main",
                "redis/main",
                "redis",
                "a)b",
                "re(d*i\\s",
                "re(d*i\\s/a)b",
                "other",
                "plain",
                "plain/plain",
                "(&(counterex.backend=redis)(counterex.name=main))")) {
            List<BackendHandle> named = resolver.named(reference);
            assertTrue(reference, !named.isEmpty());
            Route route = route("r", 0, PlacementResolver.filterFor(reference, named.get(0)), "ns");
            PlacementResolver routed = new PlacementResolver(List.of(route), resolver.backends());
            assertEquals(reference, named.get(0), order(routed, "ns").get(0));
        }
        assertEquals(List.of(other, main), resolver.named("redis"));
        assertEquals(List.of(), resolver.named("unknown"));
        assertThrows(IllegalArgumentException.class, () -> resolver.named("(invalid"));
    }
}
