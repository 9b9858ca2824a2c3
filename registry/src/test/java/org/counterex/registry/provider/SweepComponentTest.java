package org.counterex.registry.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.counterex.api.NoBackendException;
import org.counterex.registry.provider.admin.SweepComponent;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.routing.RouteFuzzTest;
import org.counterex.tck.ConfigurationContract;
import org.junit.After;
import org.junit.Test;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

@RunWith(Enclosed.class)
public class SweepComponentTest {

    /** What a sweep makes of its configuration. */
    public static class Configuration extends ConfigurationContract {

        private final TestRegistry world = new TestRegistry();

        @After
        public void close() {
            world.close();
        }

        @Override
        protected Map<String, Predicate<Object>> keys() {
            return Map.of("namespaces", RouteFuzzTest::areGlobs, "intervalMs", isNumber(1, Long.MAX_VALUE / 1_000_000));
        }

        @Override
        protected void configure(Map<String, ?> properties) {
            Map<String, Object> complete = new HashMap<>(properties);
            complete.values().removeIf(value -> value == null);
            complete.putIfAbsent("namespaces", "a");
            complete.putIfAbsent("intervalMs", 5);
            new SweepComponent(complete, world.migration.namespaces().root(), world.events, null).stop();
        }
    }

    /** What it does with counters and listeners. */
    public static class Counts {

        private final TestRegistry world = new TestRegistry();
        private final Map<String, Long> swept = new ConcurrentHashMap<>();
        private final SweepComponent sweep = new SweepComponent(
                Map.of("namespaces", "swept", "intervalMs", 1), world.migration.namespaces().root(), world.events, null);

        @After
        public void close() {
            sweep.stop();
            world.close();
        }

        private void listen() {
            sweep.bind((namespace, counters) -> counters.forEach((key, value) -> swept.merge(key, value, Long::sum)));
        }

        @Test
        public void setting_thatIsMissing_isRefused() {
            for (Map<String, Object> incomplete :
                    List.<Map<String, Object>>of(Map.of("namespaces", "a"), Map.of("intervalMs", 5))) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new SweepComponent(incomplete, world.migration.namespaces().root(), world.events, null));
            }
        }

        @Test
        public void listener_thatFails_keepsNothingFromTheOthers() {
            world.bind(new MapBackend("table"), "ets");
            sweep.bind((namespace, counters) -> {
                throw new IllegalStateException("no interest");
            });
            sweep.bind((namespace, counters) -> counters.clear());
            listen();
            sweep.start();
            for (int i = 1; i <= 3; i++) {
                world.namespace("swept").inc("k");
                long expected = i;
                await().until(() -> swept.getOrDefault("k", 0L) == expected);
            }
        }

        /** A sweep that cannot be is made up for by the next: the counts stay where they are meanwhile. */
        @Test
        public void backend_thatDoesNotAnswer_isSweptWhenItDoes() {
            PlainBackend plain = new PlainBackend();
            world.bind(plain, "ets");
            world.namespace("swept").inc("k", 5);
            plain.before = PlainBackend.Fault.throwing(() -> new IllegalStateException("disk on fire"), "getAll");
            long begun = plain.begun.get();
            listen();
            sweep.start();
            await().until(() -> plain.begun.get() > begun + 10);
            assertEquals(Map.of(), swept);
            plain.recover();
            await().until(() -> swept.equals(Map.of("k", 5L)));
        }

        @Test
        public void registry_thatStops_keepsWhatWasNotSwept() {
            BackendHandle table = world.bind(new MapBackend("table"), "ets");
            world.namespace("kept").inc("k", 5);
            listen();
            sweep.start();
            world.unbind(table);
            var parked = world.migration.stop();
            assertThrows(NoBackendException.class, world.migration.namespaces().root()::namespaces);
            sweep.stop();
            assertEquals(1, parked.size());
            assertEquals(Map.of(), swept);
        }
    }
}
