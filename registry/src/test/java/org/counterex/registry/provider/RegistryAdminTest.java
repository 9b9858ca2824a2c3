package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.counterex.api.NoBackendException;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.junit.Rule;
import org.junit.Test;

/** The administration service when a backend fails, the registry is stopped, or a caller is interrupted. */
public class RegistryAdminTest {

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final BackendRegistry admin =
            registry.admin(registry.routeConfigurations(new MemoryConfigurations().admin()));

    @Test
    public void backend_failingInInfo_isListedWithProblem() {
        PlainBackend plain = new PlainBackend();
        registry.bind(plain, "plain");
        registry.namespace("ns").inc("k");
        plain.before = PlainBackend.Fault.throwing(() -> new IllegalStateException("disk on fire"), "info", "getAll");
        BackendDTO backend = admin.backends().get(0);
        assertEquals("disk on fire", backend.details.get("problem"));
        assertTrue(backend.namespaces.isEmpty());
        assertEquals(0, admin.explain("ns").counters);
        assertEquals("plain/plain", admin.explain("ns").backend);
        assertEquals("[ns]", registry.counters().namespaces().toString());
    }

    @Test
    public void service_afterStop_rejectsChanges() {
        registry.bind(new MapBackend("table"), "ets");
        registry.stop();
        registry.end();
        assertThrows(NoBackendException.class, () -> admin.swap("ns", "ets"));
        assertThrows(NoBackendException.class, () -> admin.route("*", "(counterex.backend=ets)"));
        assertThrows(NoBackendException.class, () -> admin.unroute("*"));
    }

    @Test
    public void caller_interruptedWhileWaiting_isNotified() {
        registry.bind(new MapBackend("table"), "ets");
        CountDownLatch blocked = new CountDownLatch(1);
        registry.submit(() -> {
            blocked.await();
            return null;
        });
        Thread.currentThread().interrupt();
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> admin.route("*", "(counterex.backend=ets)"));
        assertEquals("interrupted while waiting for a change, which continues: subject=*", e.getMessage());
        assertTrue("the interrupt status is restored", Thread.interrupted());
        blocked.countDown();
        registry.awaitControlThread();
        assertEquals(1, admin.routes().size());
    }
}
