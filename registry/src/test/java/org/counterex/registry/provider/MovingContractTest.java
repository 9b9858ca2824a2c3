package org.counterex.registry.provider;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.counterex.api.CasResult;
import org.counterex.api.Counter;
import org.counterex.api.CounterException;
import org.counterex.api.CounterListener;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.tck.BackendUnderTest;
import org.counterex.tck.ConcurrentBackendContract;
import org.counterex.tck.CounterBackendContract;
import org.counterex.tck.CounterLifecycleContract;
import org.counterex.tck.NamespaceContract;
import org.counterex.tck.RangeContract;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

/**
 * Transparency of moves: the registry fulfils the contract of a backend while another thread continuously moves
 * namespaces among backends of every kind, and binds and unbinds a listener.
 */
@RunWith(Enclosed.class)
public class MovingContractTest {

    private static final int CAPACITY = 20_000;

    /** Adapter that presents the registry as a backend, and moves its namespaces meanwhile. */
    private static class Moving implements CounterBackend, AutoCloseable {

        private final TestRegistry registry = new TestRegistry();
        final Counters counters = registry.counters();
        private final List<BackendHandle> backends;
        private final Random random = new Random();
        private final Thread migration = new Thread(this::move, "moves");
        private volatile boolean done;
        private volatile RuntimeException failure;

        Moving(CounterBackend... services) {
            backends = List.of(services).stream()
                    .map(service -> registry.bind(service, service.info().type(), CounterBackend.NAME, "" + service))
                    .toList();
            migration.start();
        }

        private void move() {
            CounterListener listener = event -> {};
            while (!done) {
                if (random.nextInt(8) == 0) {
                    registry.listeners.bind(listener, Map.of());
                } else if (random.nextInt(8) == 0) {
                    registry.listeners.unbind(listener);
                }
                for (Namespace namespace : registry.namespaces()) {
                    try {
                        registry.swap(namespace.name(), backends.get(random.nextInt(backends.size())));
                    } catch (CounterException e) {
                        // The namespace stays in its store.
                    } catch (RuntimeException e) {
                        failure = e;
                        return;
                    }
                }
            }
        }

        @Override
        public void close() throws InterruptedException {
            done = true;
            migration.join();
            registry.close();
            if (failure != null) {
                throw failure;
            }
        }

        private CounterNamespace in(String namespace) {
            return counters.namespace(namespace);
        }

        @Override
        public long inc(String namespace, String key, long step, long initial) {
            return in(namespace).inc(key, step, initial);
        }

        @Override
        public void add(String namespace, String key, long step) {
            in(namespace).add(key, step);
        }

        @Override
        public OptionalLong get(String namespace, String key) {
            return in(namespace).get(key);
        }

        @Override
        public long set(String namespace, String key, long value) {
            return in(namespace).set(key, value);
        }

        @Override
        public long reset(String namespace, String key, long initial) {
            return in(namespace).reset(key, initial);
        }

        @Override
        public void delete(String namespace, String key) {
            in(namespace).delete(key);
        }

        @Override
        public Map<String, Long> getAll(String namespace) {
            return in(namespace).getAll();
        }

        @Override
        public void deleteNamespace(String namespace) {
            in(namespace).deleteAll();
        }

        @Override
        public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
            return in(namespace).compareAndSwap(key, expected, newValue);
        }

        @Override
        public Map<String, Long> drain(String namespace) {
            return in(namespace).drain();
        }

        /** Counts keys, as a counter may have two cells during a move. */
        @Override
        public BackendInfo info() {
            Map<String, Long> sizes = new HashMap<>();
            for (String namespace : counters.namespaces()) {
                sizes.put(namespace, (long) in(namespace).getAll().size());
            }
            sizes.values().removeIf(size -> size == 0);
            return BackendInfo.of("moving", "moving", sizes);
        }
    }

    /** The same by handles, which are held as long as the registry. */
    private static final class MovingHandles extends Moving {

        private final Map<List<String>, Counter> handles = new ConcurrentHashMap<>();

        MovingHandles(CounterBackend... services) {
            super(services);
        }

        private Counter of(String namespace, String key) {
            return handles.computeIfAbsent(
                    List.of(namespace, key),
                    names -> counters.namespace(namespace).counter(key));
        }

        @Override
        public long inc(String namespace, String key, long step, long initial) {
            if (initial != 0) {
                return of(namespace, key).inc(step, initial);
            }
            return step == 1 ? of(namespace, key).inc() : of(namespace, key).inc(step);
        }

        @Override
        public void add(String namespace, String key, long step) {
            of(namespace, key).add(step);
        }

        @Override
        public OptionalLong get(String namespace, String key) {
            return of(namespace, key).get();
        }

        @Override
        public long set(String namespace, String key, long value) {
            return of(namespace, key).set(value);
        }

        @Override
        public long reset(String namespace, String key, long initial) {
            return initial == 0
                    ? of(namespace, key).reset()
                    : of(namespace, key).reset(initial);
        }

        @Override
        public void delete(String namespace, String key) {
            of(namespace, key).delete();
        }

        @Override
        public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
            return of(namespace, key).compareAndSwap(expected, newValue);
        }
    }

    /** Moves among backends whose counters are linearizable. */
    interface AmongTables extends BackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return new Moving(
                    RealBackends.ets(),
                    RealBackends.atomics(CAPACITY, true),
                    new MapBackend("map"),
                    RealBackends.ets());
        }

        @Override
        default boolean takesAtomically() {
            return false;
        }

        @Override
        default int repetitions() {
            return 500;
        }
    }

    interface HandlesAmongTables extends AmongTables {
        @Override
        default CounterBackend newBackend() {
            return new MovingHandles(RealBackends.ets(), RealBackends.atomics(CAPACITY, true), new MapBackend("map"));
        }
    }

    /** Moves among backends of every kind. */
    interface AmongAll extends AmongTables {
        @Override
        default CounterBackend newBackend() {
            return new Moving(
                    RealBackends.ets(),
                    RealBackends.counters(CAPACITY),
                    RealBackends.atomics(CAPACITY, true),
                    new PlainBackend());
        }

        @Override
        default boolean returnsExactValues() {
            return false;
        }

        @Override
        default int manyCounters() {
            return 500;
        }
    }

    public static class OperationsAmongTables extends CounterBackendContract implements AmongTables {}

    public static class NamespacesAmongTables extends NamespaceContract implements AmongTables {}

    public static class RangeAmongTables extends RangeContract implements AmongTables {}

    public static class RacesAmongTables extends ConcurrentBackendContract implements AmongTables {}

    public static class LifecycleAmongTables extends CounterLifecycleContract implements AmongTables {}

    public static class OperationsByHandle extends CounterBackendContract implements HandlesAmongTables {}

    public static class RangeByHandle extends RangeContract implements HandlesAmongTables {}

    public static class RacesByHandle extends ConcurrentBackendContract implements HandlesAmongTables {}

    public static class LifecycleByHandle extends CounterLifecycleContract implements HandlesAmongTables {}

    public static class OperationsAmongAll extends CounterBackendContract implements AmongAll {}

    public static class NamespacesAmongAll extends NamespaceContract implements AmongAll {}

    public static class RangeAmongAll extends RangeContract implements AmongAll {}
}
