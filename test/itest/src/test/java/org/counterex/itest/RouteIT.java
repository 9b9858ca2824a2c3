package org.counterex.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Map;
import org.counterex.api.CounterNames;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.junit.Test;

/** Routes are created, changed and removed by configuration and by the administration service. */
public class RouteIT extends CountingTest {

    private static final List<String> NAMESPACES = List.of("default", "drained", "numbers", "quiet", "sums");
    private static final String PID = BackendRegistry.ROUTE_PID + "~test";
    private static final String ATOMICS = "(counterex.backend=atomics)";
    private static final String ETS = "(counterex.backend=ets)";

    private void configure(String globs, String target) throws Exception {
        platform.configure(PID, Map.of("namespaces", globs, "target", target, "ranking", 1));
    }

    private void awaitRoutes(List<String> targets) {
        Await.until(
                () -> registry().routes().stream()
                        .map(route -> route.target)
                        .toList()
                        .equals(targets),
                () -> registry().routes().toString());
    }

    @Test
    public void configuration_createdChangedAndDeleted_leavesCountersExact() throws Exception {
        countersAreExactWhile(
                () -> {
                    configure("*", ATOMICS);
                    awaitRoutes(List.of(ATOMICS));
                },
                () -> {
                    configure("sums,q?iet,default", ETS);
                    awaitRoutes(List.of(ETS));
                },
                () -> {
                    configure("d*,quiet", ATOMICS);
                    awaitRoutes(List.of(ATOMICS));
                },
                () -> {
                    platform.deleteConfiguration(PID);
                    awaitRoutes(List.of());
                });
    }

    @Test
    public void configuration_invalid_removesTheRoute() throws Exception {
        countersAreExactWhile(
                () -> {
                    configure("*", ATOMICS);
                    awaitRoutes(List.of(ATOMICS));
                },
                () -> {
                    configure("*", "((counterex.backend=ets");
                    awaitRoutes(List.of());
                },
                () -> platform.deleteConfiguration(PID));
    }

    @Test
    public void route_setReplacedAndRemoved_keepsCountersExact() throws Exception {
        countersAreExactWhile(
                () -> moved(registry().route("*", ATOMICS)),
                () -> moved(registry().route("*", ETS)),
                () -> moved(registry().route("qui*", ATOMICS)),
                () -> moved(registry().unroute("qui*")),
                () -> moved(registry().route("*", ATOMICS)),
                () -> moved(registry().unroute("*")));
    }

    private static void moved(List<MoveDTO> moves) {
        assertEquals(
                1, moves.stream().filter(move -> move.namespace.equals("quiet")).count());
    }

    @Test
    public void swap_backAndForth_keepsCountersExact() throws Exception {
        countersAreExactWhile(() -> swap("atomics"), () -> swap("ets"), () -> swap(ATOMICS), () -> {
            for (String namespace : NAMESPACES) {
                registry().unroute(namespace);
            }
        });
    }

    private void swap(String backend) {
        for (String namespace : NAMESPACES) {
            assertEquals(MoveDTO.Outcome.MOVED, registry().swap(namespace, backend).outcome);
        }
    }

    @Test
    public void swap_byTwoThreads_keepsCountersExact() throws Exception {
        countersAreExactWhile(
                () -> {
                    Thread other = new Thread(() -> swapOften("atomics"));
                    other.start();
                    swapOften("ets");
                    other.join();
                },
                () -> NAMESPACES.forEach(registry()::unroute));
    }

    private void swapOften(String backend) {
        BackendRegistry registry = registry();
        for (int i = 0; i < 25; i++) {
            NAMESPACES.forEach(namespace -> registry.swap(namespace, backend));
        }
    }

    /** The Configuration Admin notifies of each change later, when the following changes are already in effect. */
    @Test
    public void route_setAndRemovedQuickly_isInEffectOnReturn() {
        BackendRegistry registry = registry();
        set("quiet", Calls.QUIET);
        for (int i = 0; i < 500; i++) {
            registry.route("qui*", ATOMICS);
            assertEquals("round " + i, "atomics/atomics", registry.explain("quiet").backend);
            registry.unroute("qui*");
            assertEquals("round " + i, "ets/ets", registry.explain("quiet").backend);
        }
    }

    /** A route takes effect immediately, and is read again later from its stored configuration; both must agree. */
    @Test
    public void swap_ofAnyName_survivesConfigurationEvent() throws Exception {
        List<String> names = List.of(
                " a",
                "b ",
                "\t",
                "\n",
                "\0",
                "c,d",
                "e\\,f",
                "*",
                "?",
                "\\",
                "(",
                "\u00a0",
                "\u2028",
                "\uffff",
                "\ud83d\ude00",
                "x".repeat(1024),
                "*".repeat(1024));
        for (String name : names) {
            set(name, Map.of("k", 5L));
            assertEquals(MoveDTO.Outcome.MOVED, registry().swap(name, "atomics").outcome);
        }
        // Configuration events are delivered in order: after this one all have been delivered.
        configure("last", ETS);
        Await.until(
                () -> registry().routes().stream().anyMatch(route -> route.namespaces.equals(List.of("last"))),
                () -> registry().routes().toString());
        for (String name : names) {
            assertEquals(
                    CounterNames.printable(name), "atomics/atomics", registry().explain(name).targetBackend);
            assertEquals(
                    CounterNames.printable(name), "atomics/atomics", registry().explain(name).backend);
            assertEquals(1, registry().unroute(BackendRegistry.quote(name)).size());
        }
    }

    @Test
    public void unroute_ofOneOfSeveralGlobs_leavesTheOthers() throws Exception {
        configure("one,t*,three", ATOMICS);
        awaitRoutes(List.of(ATOMICS));
        registry().unroute("one");
        assertEquals(List.of("t*", "three"), registry().routes().get(0).namespaces);
        assertEquals("ets/ets", registry().explain("one").targetBackend);
        assertEquals("atomics/atomics", registry().explain("two").targetBackend);
        // One of several globs that is routed elsewhere gets a route of its own, which precedes the former one.
        registry().route("three", ETS);
        assertEquals("ets/ets", registry().explain("three").targetBackend);
        assertEquals(2, registry().routes().size());
        registry().unroute("three");
        assertEquals("atomics/atomics", registry().explain("three").targetBackend);
    }

    @Test
    public void call_withInvalidArgument_changesNothing() {
        String before = registry().routes().toString();
        for (Runnable call : new Runnable[] {
            () -> registry().route("*", "(counterex.backend=ets"),
            () -> registry().route("*", ""),
            () -> registry().route("a\\", ETS),
            () -> registry().unroute("*"),
            () -> registry().swap("ns", "nonesuch"),
            () -> registry().swap("ns", "(nonesuch"),
            () -> registry().swap("", "ets")
        }) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
            assertEquals(e.getMessage(), 1, e.getMessage().lines().count());
        }
        assertEquals(before, registry().routes().toString());
    }
}
