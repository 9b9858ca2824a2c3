package org.counterex.registry.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.Placement;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/**
 * I4: after the unbind of a backend no call into it begins, and no object that callers may hold refers to its classes.
 */
public class BackendDepartureTest {

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final long seed = System.nanoTime();

    @After
    public void close() {
        threads.shutdownNow();
    }

    @Test
    public void unbind_underWriters_endsAllCalls() throws Exception {
        registry.bind(new MapBackend("table"), "ets");
        CounterNamespace namespace = registry.namespace("ns");
        registry.route("ns", "(counterex.backend=plain)");
        AtomicBoolean done = new AtomicBoolean();
        List<PlainBackend> unbound = new ArrayList<>();
        try (Writers writers = new Writers(namespace, 2, 10)) {
            Future<?> reader = threads.submit(() -> {
                while (!done.get()) {
                    namespace.getAll();
                    registry.counters().namespaces();
                }
            });
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            while (System.nanoTime() < end) {
                PlainBackend service = new PlainBackend();
                BackendHandle bound = registry.bind(service, "plain");
                writers.awaitCalls(20);
                registry.unbind(bound);
                service.expectNoCalls();
                unbound.add(service);
                writers.awaitCalls(20);
            }
            writers.stopAndCheck();
            done.set(true);
            reader.get(10, TimeUnit.SECONDS);
        }
        for (PlainBackend service : unbound) {
            assertEquals("seed " + seed, Set.of(), service.unexpectedCalls());
        }
    }

    /** Several threads bind and unbind backends of all kinds while others count. */
    @Test
    public void backends_boundAndUnboundConcurrently_loseNothing() throws Exception {
        registry.bind(new MapBackend("stays"), "stays");
        for (int k = 0; k < 8; k++) {
            registry.namespace("ns").set(Writers.key(k), 0);
        }
        // Claims the namespace and is too small for it: every move to it is refused.
        registry.bind(new BoundedBackend("small", 5, true), "small", "counterex.namespaces", "n*");
        AtomicBoolean done = new AtomicBoolean();
        try (Writers writers = new Writers(registry.namespace("ns"), 2, 8);
                Writers others = new Writers(registry.namespace("other"), 1, 30)) {
            List<Future<?>> binders = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                Random random = new Random(seed + t);
                int thread = t;
                binders.add(threads.submit(() -> {
                    while (!done.get()) {
                        CounterBackend service = random.nextBoolean() ? new PlainBackend() : new MapBackend("m");
                        BackendHandle bound = new BackendHandle(
                                service,
                                Map.of(
                                        CounterBackend.TYPE,
                                        random.nextBoolean() ? "ets" : "t" + thread,
                                        "service.ranking",
                                        random.nextInt(5),
                                        "service.id",
                                        random.nextLong(),
                                        CounterBackend.NAMESPACES,
                                        random.nextBoolean() ? "n*" : "none"),
                                "test");
                        registry.bindAsync(bound);
                        if (random.nextBoolean()) {
                            registry.awaitControlThread();
                        }
                        registry.unbind(bound);
                    }
                }));
            }
            writers.awaitCalls(1_000);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            while (System.nanoTime() < end) {
                writers.awaitCalls(1);
            }
            done.set(true);
            for (Future<?> thread : binders) {
                thread.get(20, TimeUnit.SECONDS);
            }
            writers.stopAndCheck();
            others.stopAndCheck();
        }
    }

    @Test
    public void tables_afterUnbind_areCollectable() throws Exception {
        registry.bind(new MapBackend("stays"), "ets");
        assertCollected(useAndUnbind());
    }

    @Test
    public void tables_replacedByPlainBackend_areCollectable() throws Exception {
        registry.bind(new PlainBackend(), "ets");
        assertCollected(useAndUnbind());
    }

    /** A detached namespace must not refer to the store of its backend. */
    @Test
    public void tables_ofRetainingBackend_areCollectable() throws Exception {
        registry.bind(new MapBackend("stays"), "ets");
        assertCollected(useAndUnbind(new DiskBackend(), CounterBackend.RETENTION, CounterBackend.RETENTION_LOCAL));
        assertEquals("leaves/leaves (detached)", registry.storeOf("ns"));
    }

    /** Another backend, which fails, keeps the placement of the namespace from settling. */
    @Test
    public void tables_unboundDuringMove_areCollectable() throws Exception {
        registry.bind(new MapBackend("stays"), "ets");
        PlainBackend failing = new PlainBackend();
        BackendHandle plain = registry.bind(failing, "plain");
        failing.set("ns", "p", 1);
        failing.before = PlainBackend.Fault.onKey("p", "get", "set", "add", "delete");
        WeakReference<?> reference = useAndUnbind(
                new DiskBackend(),
                () -> {
                    Namespace namespace = registry.namespace("ns");
                    Placement before = namespace.placement();
                    namespace.publish(before, before.absorbing(new DelegatingStore(plain, "ns"), null));
                },
                CounterBackend.RETENTION,
                CounterBackend.RETENTION_LOCAL);
        assertFalse(registry.namespace("ns").placement().isSettled());
        assertCollected(reference);
        failing.recover();
    }

    /** What callers may hold. */
    private final List<Object> held = new ArrayList<>();

    private WeakReference<?> useAndUnbind() throws Exception {
        return useAndUnbind(new MapBackend("leaves"));
    }

    private WeakReference<?> useAndUnbind(MapBackend service, Object... properties) throws Exception {
        return useAndUnbind(service, () -> {}, properties);
    }

    private WeakReference<?> useAndUnbind(MapBackend service, Runnable beforeUnbind, Object... properties)
            throws Exception {
        BackendHandle bound = registry.bind(service, "leaves", properties);
        CounterNamespace namespace = registry.namespace("ns");
        namespace.inc("k");
        registry.route("ns", "(counterex.backend=leaves)");
        assertEquals("leaves/leaves", registry.storeOf("ns"));
        for (int k = 0; k < 50; k++) {
            Counter handle = namespace.counter("k" + k);
            handle.inc();
            handle.get();
            held.add(handle);
        }
        held.add(namespace);
        // A thread that has counted must not refer to the tables either.
        threads.submit(() -> namespace.inc("k")).get();
        beforeUnbind.run();
        registry.unbind(bound);
        return new WeakReference<>(service);
    }

    /**
     * The class loader of a backend that registers itself: neither objects nor threads created while its code was on
     * the stack may refer to it.
     */
    @Test
    public void classLoader_afterUnbind_isCollectable() throws Exception {
        try (TestRegistry fresh = new TestRegistry()) {
            WeakReference<?> reference = bindAndUnbind(fresh);
            fresh.bind(new MapBackend("later"), "ets");
            assertCollected(reference);
            assertEquals(2, fresh.namespace("ns").inc("k"));
        }
    }

    private WeakReference<?> bindAndUnbind(TestRegistry fresh) throws Exception {
        ClassLoader loader = new BundleLoader();
        Object bundle = loader.loadClass(SelfRegistering.class.getName())
                .getDeclaredConstructor()
                .newInstance();
        BackendHandle[] bound = new BackendHandle[1];
        ((Runner) bundle).run(() -> {
            bound[0] = fresh.bind((CounterBackend) bundle, "own");
            held.add(fresh.namespace("ns").counter("k").inc());
        });
        fresh.unbind(bound[0]);
        return new WeakReference<>(loader);
    }

    private static void assertCollected(WeakReference<?> reference) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> {
            System.gc();
            return reference.get() == null;
        });
    }

    /** Runner whose implementation puts code of another class loader on the stack. */
    public interface Runner {
        void run(Runnable task);
    }

    /** Class loader that defines the class of the backend anew, and delegates for all others. */
    private static final class BundleLoader extends ClassLoader {

        BundleLoader() {
            super(BackendDepartureTest.class.getClassLoader());
        }

        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            if (!name.equals(SelfRegistering.class.getName())) {
                return super.loadClass(name);
            }
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length, new ProtectionDomain(null, null, this, null));
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
