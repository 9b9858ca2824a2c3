package org.counterex.itest;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.junit.Test;

/** Routes come, change and go, by configuration and by the service for it. */
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
    public void configuration_thatMakesNoSense_isNoRouteAndLeavesCountersExact() throws Exception {
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
    public void route_madeReplacedAndTakenBack_leavesCountersExact() throws Exception {
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
    public void swap_toAndFro_leavesCountersExact() throws Exception {
        countersAreExactWhile(() -> swap("atomics"), () -> swap("ets"), () -> swap(ATOMICS), () -> {
            for (String namespace : NAMESPACES) {
                registry().unroute(namespace);
            }
        });
    }

    private void swap(String backend) {
        for (String namespace : NAMESPACES) {
            assertEquals(MoveDTO.MOVED, registry().swap(namespace, backend).outcome);
        }
    }

    @Test
    public void swap_backAndForthByTwoThreads_leavesCountersExact() throws Exception {
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

    /** The Configuration Admin tells of each change later, when the next ones are in effect already. */
    @Test
    public void route_madeAndTakenBackInQuickSuccession_isInEffectWhenTheCallReturns() {
        BackendRegistry registry = registry();
        set("quiet", Calls.QUIET);
        for (int i = 0; i < 500; i++) {
            registry.route("qui*", ATOMICS);
            assertEquals("round " + i, "atomics/atomics", registry.explain("quiet").home);
            registry.unroute("qui*");
            assertEquals("round " + i, "ets/ets", registry.explain("quiet").home);
        }
    }
}
