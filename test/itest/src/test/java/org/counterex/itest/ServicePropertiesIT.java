package org.counterex.itest;

import java.util.Hashtable;
import java.util.Map;
import org.counterex.api.backend.CounterBackend;
import org.example.counters.MapBackend;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.ServiceRegistration;

/** A backend that stays registered and changes its service properties. */
public class ServicePropertiesIT extends CountingTest {

    private ServiceRegistration<CounterBackend> registration;

    private static Map<String, ?> claiming(Object namespaces) {
        return Map.of(CounterBackend.TYPE, "map", CounterBackend.NAMESPACES, namespaces);
    }

    private void claim(Object namespaces) {
        registration.setProperties(new Hashtable<>(claiming(namespaces)));
    }

    private void awaitHome(String quiet) {
        Await.until(
                () -> registry().explain("quiet").backend.equals(quiet),
                () -> registry().explain("quiet").toString());
    }

    @After
    public void unregister() {
        registration.unregister();
        awaitNoBackend(backend -> backend.type.equals("map"));
    }

    @Test
    public void claims_thatChange_moveNamespacesAndLeaveCountersExact() throws Exception {
        registration = platform.register(CounterBackend.class, new MapBackend(), claiming("nothing"));
        countersAreExactWhile(
                () -> {
                    claim(new String[] {"q*", "sums"});
                    awaitHome("map/map");
                },
                () -> {
                    claim("nothing");
                    awaitHome("ets/ets");
                });
    }

    @Test
    public void claims_thatAreNonsense_sendTheBackendAwayUntilTheyMakeSense() throws Exception {
        registration = platform.register(CounterBackend.class, new MapBackend(), claiming("broken\\"));
        countersAreExactWhile(
                () -> {
                    claim("quiet");
                    awaitHome("map/map");
                },
                () -> {
                    claim(new String[] {"quiet", ""});
                    awaitNoBackend(backend -> backend.type.equals("map"));
                    awaitHome("ets/ets");
                });
    }
}
