package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.counterex.api.Glob;
import org.counterex.api.backend.CounterBackend;
import org.junit.Test;

public class ResolverTest {

    private long ids;

    private Backend backend(String type, Object... more) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(CounterBackend.TYPE, type);
        properties.put("service.id", ++ids);
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        return new Backend(new PlainBackend(), properties, "test");
    }

    private static Route route(String pid, int ranking, String filter, String... globs) {
        return new Route(pid, Stream.of(globs).map(Glob::of).toList(), Route.filter(filter), ranking);
    }

    private static List<Backend> order(Resolver resolver, String namespace) {
        return resolver.choices(namespace).stream()
                .map(Resolver.Choice::backend)
                .toList();
    }

    @Test
    public void byDefault_etsComesFirstThenRankingThenAge() {
        Backend old = backend("b");
        Backend young = backend("a");
        Backend high = backend("c", "service.ranking", 5);
        Backend ets = backend("ets", "service.ranking", -5);
        Backend ets2 = backend("ets", "service.ranking", -6);
        Resolver resolver = new Resolver(List.of(), List.of(young, ets2, high, ets, old));
        assertEquals(List.of(ets, ets2, high, old, young), order(resolver, "ns"));
        assertEquals(
                "ets is the default where no route or claim applies",
                resolver.choices("ns").get(0).reason());
    }

    @Test
    public void backendThatKeepsItsValues_isNeverTheDefault() {
        Backend own = backend("ets", CounterBackend.KEEPS, CounterBackend.KEEPS_OWN, "service.ranking", 9);
        Backend shared = backend("s", CounterBackend.KEEPS, CounterBackend.KEEPS_SHARED, "service.ranking", 9);
        assertEquals(List.of(), order(new Resolver(List.of(), List.of(own, shared)), "ns"));
        Backend plain = backend("plain");
        assertEquals(List.of(plain), order(new Resolver(List.of(), List.of(own, plain, shared)), "ns"));
        Route route = route("r", 0, "(counterex.keeps=own)", "ns");
        assertEquals(List.of(own, plain), order(new Resolver(List.of(route), List.of(own, plain)), "ns"));
    }

    @Test
    public void claims_comeBeforeTheDefault() {
        Backend ets = backend("ets");
        Backend claims = backend("a", CounterBackend.NAMESPACES, new String[] {"x", "n?"});
        Backend more = backend("b", CounterBackend.NAMESPACES, List.of("n*"), "service.ranking", 1);
        Backend one = backend("c", CounterBackend.NAMESPACES, "*s");
        Resolver resolver = new Resolver(List.of(), List.of(ets, one, claims, more));
        assertEquals(List.of(more, claims, one, ets), order(resolver, "ns"));
        assertEquals("it claims n*", resolver.choices("ns").get(0).reason());
        assertEquals(List.of(ets, more, claims, one), order(resolver, "other").subList(0, 4));
    }

    @Test
    public void routes_comeBeforeClaims_namesBeforeWildcards_thenRanking() {
        Backend ets = backend("ets");
        Backend claims = backend("claims", CounterBackend.NAMESPACES, new String[] {"ns"});
        Backend a = backend("a");
        Backend b = backend("b");
        Backend c = backend("c");
        List<Backend> all = List.of(ets, claims, a, b, c);
        Route wild = route("wild", 100, "(counterex.backend=a)", "n*");
        Route named = route("named", -100, "(counterex.backend=b)", "*x", "ns");
        Route second = route("second", -200, "(counterex.backend=c)", "ns");
        Route idle = route("idle", 500, "(counterex.backend=absent)", "ns");
        Resolver resolver = new Resolver(List.of(wild, second, named, idle), all);
        assertEquals(List.of(b, c, a, claims, ets), order(resolver, "ns"));
        assertEquals(
                "route ns leads to (counterex.backend=b)",
                resolver.choices("ns").get(0).reason());
        assertEquals(a, order(resolver, "nsx").get(0));
        assertEquals(b, order(resolver, "xx").get(0));
        assertEquals(
                claims.type(),
                order(new Resolver(List.of(idle), all), "ns").get(0).type());
    }

    @Test
    public void quotedName_isThatNameAlone() {
        Backend ets = backend("ets");
        Backend a = backend("a");
        Resolver resolver = new Resolver(List.of(route("r", 0, "(counterex.backend=a)", "n\\*")), List.of(ets, a));
        assertEquals(a, order(resolver, "n*").get(0));
        assertEquals(ets, order(resolver, "ns").get(0));
    }

    @Test
    public void backendWithSomethingToDelete_isNoChoiceForThatNamespaceAlone() {
        Backend ets = backend("ets");
        Backend a = backend("a");
        ets.unclean("ns").add("k");
        Resolver resolver = new Resolver(List.of(route("r", 0, "(counterex.backend=ets)", "*")), List.of(ets, a));
        assertEquals(List.of(a), order(resolver, "ns"));
        assertEquals(List.of(ets, a), order(resolver, "other"));
        ets.clean();
        assertEquals(List.of(ets, a), order(resolver, "ns"));
    }

    @Test
    public void resolution_doesNotDependOnTheOrderOfComing() {
        Backend a = backend("a", "service.ranking", 1);
        Backend b = backend("b", CounterBackend.NAMESPACES, "n*");
        Backend c = backend("c");
        Route first = route("first", 1, "(counterex.backend=c)", "n*");
        Route second = route("second", 1, "(counterex.backend=a)", "*s");
        List<Backend> expected = order(new Resolver(List.of(first, second), List.of(a, b, c)), "ns");
        assertEquals(expected, order(new Resolver(List.of(second, first), List.of(c, b, a)), "ns"));
    }

    /** What a word means now it goes on meaning as a filter: the first of those it names is the first that matches. */
    @Test
    public void filterFor_aWord_matchesWhatTheWordNames() {
        Backend main = backend("redis", CounterBackend.NAME, "main");
        Backend odd = backend("re(d*i\\s", CounterBackend.NAME, "a)b");
        Backend other = backend("redis", CounterBackend.NAME, "other", "service.ranking", 3);
        Backend nameless = backend("plain");
        Resolver resolver = new Resolver(List.of(), List.of(main, odd, other, nameless));
        for (String word : List.of(
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
            List<Backend> named = resolver.named(word);
            assertTrue(word, !named.isEmpty());
            Route route = route("r", 0, Resolver.filterFor(word, named.get(0)), "ns");
            Resolver routed = new Resolver(List.of(route), resolver.backends());
            assertEquals(word, named.get(0), order(routed, "ns").get(0));
        }
        assertEquals(List.of(other, main), resolver.named("redis"));
        assertEquals(List.of(), resolver.named("nonsense"));
        assertThrows(IllegalArgumentException.class, () -> resolver.named("(nonsense"));
    }
}
