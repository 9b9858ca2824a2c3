package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.counterex.api.NoBackendException;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.registry.provider.admin.RegistryAdmin;
import org.counterex.registry.provider.admin.RouteConfigurations;
import org.counterex.registry.provider.routing.RouteTable;
import org.junit.After;
import org.junit.Test;

/** What the service for those who administer says where things do not go as they should. */
public class RegistryAdminTest {

    private final TestRegistry world = new TestRegistry();
    private final RouteTable routes = new RouteTable(world.mover.routing());
    private final BackendRegistry registry = new RegistryAdmin(
            world.mover,
            routes,
            new RouteConfigurations(world.mover, routes, new MemoryConfigurations().admin()),
            world.audit);

    @After
    public void close() {
        world.close();
    }

    @Test
    public void backend_thatDoesNotTell_isListedWithItsProblem() {
        PlainBackend plain = new PlainBackend();
        world.bind(plain, "plain");
        world.namespace("ns").inc("k");
        plain.before = PlainBackend.Fault.throwing(() -> new IllegalStateException("disk on fire"), "info", "getAll");
        BackendDTO backend = registry.backends().get(0);
        assertEquals("disk on fire", backend.details.get("problem"));
        assertTrue(backend.namespaces.isEmpty());
        assertEquals(0, registry.explain("ns").counters);
        assertEquals("plain/plain", registry.explain("ns").backend);
        assertEquals("[ns]", world.mover.counters().namespaces().toString());
    }

    @Test
    public void service_thatHasStopped_saysSo() {
        world.bind(new MapBackend("table"), "ets");
        world.mover.stop();
        world.mover.end();
        assertThrows(NoBackendException.class, () -> registry.swap("ns", "ets"));
        assertThrows(NoBackendException.class, () -> registry.route("*", "(counterex.backend=ets)"));
        assertThrows(NoBackendException.class, () -> registry.unroute("*"));
    }

    @Test
    public void caller_thatIsInterrupted_learnsThatTheMoveGoesOn() {
        world.bind(new MapBackend("table"), "ets");
        CountDownLatch held = new CountDownLatch(1);
        world.mover.submit(() -> {
            held.await();
            return null;
        });
        Thread.currentThread().interrupt();
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> registry.route("*", "(counterex.backend=ets)"));
        assertEquals("interrupted while waiting for a change, which continues: subject=*", e.getMessage());
        assertTrue("the interrupt is passed on", Thread.interrupted());
        held.countDown();
        world.awaitTurn();
        assertEquals(1, registry.routes().size());
    }
}
