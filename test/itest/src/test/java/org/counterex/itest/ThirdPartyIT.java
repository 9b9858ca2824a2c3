package org.counterex.itest;

import static org.junit.Assert.assertEquals;

import java.util.Map;
import org.counterex.api.backend.CounterBackend;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A backend that implements only the service interface is dropped in, receives namespaces, and is removed. */
public class ThirdPartyIT extends CountingTest {

    private static final String FILE = "map.jar";
    private static final String COMPONENT = "org.example.counters.MapBackend";

    private DropFolder folder;

    @Before
    public void openDropFolder() {
        folder = new DropFolder(platform);
    }

    @After
    public void clearDropFolder() throws Exception {
        platform.deleteConfiguration(COMPONENT);
        folder.clear();
        awaitNoBackend(backend -> backend.type.equals("map"));
    }

    private void drop() throws Exception {
        folder.drop(jar("org.example.counters"), FILE);
    }

    private void awaitBackends(String quiet, String others) {
        Await.until(
                () -> registry().explain("quiet").backend.equals(quiet)
                        && registry().explain("sums").backend.equals(others),
                () -> registry().namespaces().toString());
    }

    @Test
    public void backend_claimingNamespaces_keepsCountersExact() throws Exception {
        platform.configure(COMPONENT, Map.of(CounterBackend.NAMESPACES, new String[] {"qui*", "numbers"}));
        countersAreExactWhile(
                () -> {
                    drop();
                    awaitBackends("map/map", "ets/ets");
                },
                () -> {
                    folder.delete(FILE);
                    awaitBackends("ets/ets", "ets/ets");
                });
    }

    @Test
    public void backend_changingClaims_keepsCountersExact() throws Exception {
        drop();
        countersAreExactWhile(
                () -> {
                    platform.configure(COMPONENT, Map.of(CounterBackend.NAMESPACES, new String[] {"qui*", "numbers"}));
                    awaitBackends("map/map", "ets/ets");
                },
                () -> {
                    platform.configure(COMPONENT, Map.of(CounterBackend.NAMESPACES, "*"));
                    awaitBackends("map/map", "map/map");
                },
                () -> {
                    platform.deleteConfiguration(COMPONENT);
                    awaitBackends("ets/ets", "ets/ets");
                });
    }

    @Test
    public void backend_targetOfRoute_keepsCountersExact() throws Exception {
        registry().route("*", "(counterex.backend=map)");
        countersAreExactWhile(
                () -> {
                    drop();
                    awaitBackends("map/map", "map/map");
                },
                () -> {
                    folder.delete(FILE);
                    awaitBackends("ets/ets", "ets/ets");
                });
        registry().unroute("*");
    }

    @Test
    public void backend_routedBackAndForth_keepsCountersExact() throws Exception {
        drop();
        awaitBackend(backend -> backend.type.equals("map"));
        countersAreExactWhile(
                () -> registry().route("*", "(counterex.backend=map)"),
                () -> assertEquals("map/map", registry().explain("quiet").backend),
                () -> registry().unroute("*"));
    }
}
