package org.counterex.itest;

import static org.junit.Assert.assertEquals;

import java.util.Map;
import org.counterex.api.backend.CounterBackend;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A backend that only implements the service is dropped in, takes namespaces over, and is removed again. */
public class ThirdPartyIT extends CountingTest {

    private static final String FILE = "map.jar";
    private static final String COMPONENT = "org.example.counters.MapBackend";

    private DropFolder folder;

    @Before
    public void openTheDropFolder() {
        folder = new DropFolder(platform);
    }

    @After
    public void emptyTheDropFolder() throws Exception {
        folder.clear();
        awaitNoBackend(backend -> backend.type.equals("map"));
    }

    private void drop() throws Exception {
        folder.drop(jar("org.example.counters"), FILE);
    }

    private void awaitHomes(String quiet, String others) {
        Await.until(
                () -> registry().explain("quiet").backend.equals(quiet)
                        && registry().explain("sums").backend.equals(others),
                () -> registry().namespaces().toString());
    }

    @Test
    public void backend_thatClaimsNamespaces_takesThemOverAndGivesThemBackExact() throws Exception {
        platform.configure(COMPONENT, Map.of(CounterBackend.NAMESPACES, new String[] {"qui*", "numbers"}));
        countersAreExactWhile(
                () -> {
                    drop();
                    awaitHomes("map/map", "ets/ets");
                },
                () -> {
                    folder.delete(FILE);
                    awaitHomes("ets/ets", "ets/ets");
                });
    }

    @Test
    public void backend_thatChangesItsClaims_leavesCountersExact() throws Exception {
        drop();
        countersAreExactWhile(
                () -> {
                    platform.configure(COMPONENT, Map.of(CounterBackend.NAMESPACES, new String[] {"qui*", "numbers"}));
                    awaitHomes("map/map", "ets/ets");
                },
                () -> {
                    platform.configure(COMPONENT, Map.of(CounterBackend.NAMESPACES, "*"));
                    awaitHomes("map/map", "map/map");
                },
                () -> {
                    platform.deleteConfiguration(COMPONENT);
                    awaitHomes("ets/ets", "ets/ets");
                });
    }

    @Test
    public void backend_thatARouteLeadsTo_takesNamespacesOverAndGivesThemBackExact() throws Exception {
        registry().route("*", "(counterex.backend=map)");
        countersAreExactWhile(
                () -> {
                    drop();
                    awaitHomes("map/map", "map/map");
                },
                () -> {
                    folder.delete(FILE);
                    awaitHomes("ets/ets", "ets/ets");
                });
        registry().unroute("*");
    }

    @Test
    public void backend_thatIsRoutedToAndFro_leavesCountersExact() throws Exception {
        drop();
        awaitBackend(backend -> backend.type.equals("map"));
        countersAreExactWhile(
                () -> registry().route("*", "(counterex.backend=map)"),
                () -> assertEquals("map/map", registry().explain("quiet").backend),
                () -> registry().unroute("*"));
    }
}
