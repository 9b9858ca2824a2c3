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
import org.junit.Test;

/** I4: once a backend is unbound no call into it begins, and nothing that callers may keep refers to its classes. */
public class BackendDepartureTest {

    private final TestRegistry world = new TestRegistry();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final long seed = System.nanoTime();

    @After
    public void close() {
        threads.shutdownNow();
        world.close();
    }

    @Test
    public void afterUnbind_underWriters_noCallBegins() throws Exception {
        world.bind(new MapBackend("table"), "ets");
        CounterNamespace namespace = world.namespace("ns");
        world.route("ns", "(counterex.backend=plain)");
        AtomicBoolean done = new AtomicBoolean();
        List<PlainBackend> left = new ArrayList<>();
        try (Writers writers = new Writers(namespace, 2, 10)) {
            Future<?> reader = threads.submit(() -> {
                while (!done.get()) {
                    namespace.getAll();
                    world.migration.namespaces().root().namespaces();
                }
            });
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            while (System.nanoTime() < end) {
                PlainBackend service = new PlainBackend();
                BackendHandle bound = world.bind(service, "plain");
                writers.awaitCalls(20);
                world.unbind(bound);
                service.leave();
                left.add(service);
                writers.awaitCalls(20);
            }
            writers.stopAndCheck();
            done.set(true);
            reader.get(10, TimeUnit.SECONDS);
        }
        for (PlainBackend service : left) {
            assertEquals("seed " + seed, Set.of(), service.late());
        }
    }

    /** Several threads bring backends of all kinds and take them away again, while others count. */
    @Test
    public void backends_comingAndGoingInSeveralThreads_loseNothing() throws Exception {
        world.bind(new MapBackend("stays"), "stays");
        for (int k = 0; k < 8; k++) {
            world.namespace("ns").set(Writers.key(k), 0);
        }
        // It claims the namespace and never holds it: every move that is tried there is refused.
        world.bind(new BoundedBackend("small", 5, true), "small", "counterex.namespaces", "n*");
        AtomicBoolean done = new AtomicBoolean();
        try (Writers writers = new Writers(world.namespace("ns"), 2, 8);
                Writers others = new Writers(world.namespace("other"), 1, 30)) {
            List<Future<?>> changing = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                Random random = new Random(seed + t);
                int thread = t;
                changing.add(threads.submit(() -> {
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
                        world.migration.arrival().bind(bound);
                        if (random.nextBoolean()) {
                            world.awaitTurn();
                        }
                        world.migration.departure().unbind(bound);
                    }
                }));
            }
            writers.awaitCalls(1_000);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            while (System.nanoTime() < end) {
                writers.awaitCalls(1);
            }
            done.set(true);
            for (Future<?> thread : changing) {
                thread.get(20, TimeUnit.SECONDS);
            }
            writers.stopAndCheck();
            others.stopAndCheck();
        }
    }

    @Test
    public void tables_ofABackendThatHasLeft_canBeCollected() throws Exception {
        world.bind(new MapBackend("stays"), "ets");
        assertCollected(leaveBehindTables());
    }

    @Test
    public void tables_ofABackendThatWasFollowedByAPlainOne_canBeCollected() throws Exception {
        world.bind(new PlainBackend(), "ets");
        assertCollected(leaveBehindTables());
    }

    /** Where its values are out of reach nothing refers to the place in which it keeps them. */
    @Test
    public void tables_ofAKeeperThatHasLeft_canBeCollected() throws Exception {
        world.bind(new MapBackend("stays"), "ets");
        assertCollected(leaveBehindTables(new DiskBackend(), CounterBackend.RETENTION, CounterBackend.RETENTION_LOCAL));
        assertEquals("leaves/leaves (detached)", world.home("ns"));
    }

    /** Another backend, which does not answer, keeps the namespace from coming to rest. */
    @Test
    public void tables_ofAKeeperThatHasLeftInTheMiddleOfAMove_canBeCollected() throws Exception {
        world.bind(new MapBackend("stays"), "ets");
        PlainBackend failing = new PlainBackend();
        BackendHandle plain = world.bind(failing, "plain");
        failing.set("ns", "p", 1);
        failing.before = PlainBackend.Fault.onKey("p", "get", "set", "add", "delete");
        WeakReference<?> gone = leaveBehindTables(
                new DiskBackend(),
                () -> {
                    Namespace namespace = world.namespace("ns");
                    Placement now = namespace.placement();
                    namespace.publish(now, now.absorbing(new DelegatingStore(plain, "ns"), null));
                },
                CounterBackend.RETENTION,
                CounterBackend.RETENTION_LOCAL);
        assertFalse(world.namespace("ns").placement().isSettled());
        assertCollected(gone);
        failing.recover();
    }

    private final List<Object> kept = new ArrayList<>();

    private WeakReference<?> leaveBehindTables() throws Exception {
        return leaveBehindTables(new MapBackend("leaves"));
    }

    private WeakReference<?> leaveBehindTables(MapBackend service, Object... properties) throws Exception {
        return leaveBehindTables(service, () -> {}, properties);
    }

    private WeakReference<?> leaveBehindTables(MapBackend service, Runnable before, Object... properties)
            throws Exception {
        BackendHandle bound = world.bind(service, "leaves", properties);
        CounterNamespace namespace = world.namespace("ns");
        namespace.inc("k");
        world.route("ns", "(counterex.backend=leaves)");
        assertEquals("leaves/leaves", world.home("ns"));
        for (int k = 0; k < 50; k++) {
            Counter handle = namespace.counter("k" + k);
            handle.inc();
            handle.get();
            kept.add(handle);
        }
        kept.add(namespace);
        // Also threads that have counted keep nothing.
        threads.submit(() -> namespace.inc("k")).get();
        before.run();
        world.unbind(bound);
        return new WeakReference<>(service);
    }

    /**
     * The class loader of a backend that registers itself: neither its objects nor threads that were started while its code
     * was on the stack may hold it.
     */
    @Test
    public void classLoader_ofABackendThatHasLeft_canBeCollected() throws Exception {
        try (TestRegistry fresh = new TestRegistry()) {
            WeakReference<?> gone = comeAndGo(fresh);
            fresh.bind(new MapBackend("later"), "ets");
            assertCollected(gone);
            assertEquals(2, fresh.namespace("ns").inc("k"));
        }
    }

    private WeakReference<?> comeAndGo(TestRegistry fresh) throws Exception {
        ClassLoader loader = new BundleLoader();
        Object bundle = loader.loadClass(SelfRegistering.class.getName())
                .getDeclaredConstructor()
                .newInstance();
        BackendHandle[] bound = new BackendHandle[1];
        ((Runner) bundle).run(() -> {
            bound[0] = fresh.bind((CounterBackend) bundle, "own");
            kept.add(fresh.namespace("ns").counter("k").inc());
        });
        fresh.unbind(bound[0]);
        return new WeakReference<>(loader);
    }

    private static void assertCollected(WeakReference<?> gone) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> {
            System.gc();
            return gone.get() == null;
        });
    }

    /** Runs something with code of another class loader on the stack. */
    public interface Runner {
        void run(Runnable task);
    }

    /** Loads the class of the backend anew, everything else as usual. */
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
