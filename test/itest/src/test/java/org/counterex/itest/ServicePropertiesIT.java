package org.counterex.itest;

import java.util.Hashtable;
import java.util.Map;
import org.counterex.api.backend.CounterBackend;
import org.example.counters.MapBackend;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.ServiceRegistration;

/** Changes of the service properties of a registered backend. */
public class ServicePropertiesIT extends CountingTest {

    private ServiceRegistration<CounterBackend> registration;

    private static Map<String, ?> claiming(Object namespaces) {
        return Map.of(CounterBackend.TYPE, "map", CounterBackend.NAMESPACES, namespaces);
    }

    private void claim(Object namespaces) {
        registration.setProperties(new Hashtable<>(claiming(namespaces)));
    }

    private void awaitBackend(String quiet) {
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
    public void claims_changed_moveNamespaces() throws Exception {
        registration = platform.register(CounterBackend.class, new MapBackend(), claiming("nothing"));
        countersAreExactWhile(
                () -> {
                    claim(new String[] {"q*", "sums"});
                    awaitBackend("map/map");
                },
                () -> {
                    claim("nothing");
                    awaitBackend("ets/ets");
                });
    }

    @Test
    public void claims_invalid_unbindTheBackend() throws Exception {
        registration = platform.register(CounterBackend.class, new MapBackend(), claiming("broken\\"));
        countersAreExactWhile(
                () -> {
                    claim("quiet");
                    awaitBackend("map/map");
                },
                () -> {
                    claim(new String[] {"quiet", ""});
                    awaitNoBackend(backend -> backend.type.equals("map"));
                    awaitBackend("ets/ets");
                });
    }
}
