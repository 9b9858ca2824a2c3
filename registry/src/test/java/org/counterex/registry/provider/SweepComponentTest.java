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
import org.junit.Rule;
import org.junit.Test;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

@RunWith(Enclosed.class)
public class SweepComponentTest {

    /** Validation of the configuration of a sweep. */
    public static class Configuration extends ConfigurationContract {

        @Rule
        public final TestRegistry registry = new TestRegistry();

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
            new SweepComponent(complete, registry.counters(), registry.events, null).stop();
        }
    }

    /** Drained counters and their listeners. */
    public static class Counts {

        @Rule
        public final TestRegistry registry = new TestRegistry();

        private final Map<String, Long> swept = new ConcurrentHashMap<>();
        private final SweepComponent sweep = new SweepComponent(
                Map.of("namespaces", "swept", "intervalMs", 1), registry.counters(), registry.events, null);

        @After
        public void close() {
            sweep.stop();
        }

        private void listen() {
            sweep.bind((namespace, counters) -> counters.forEach((key, value) -> swept.merge(key, value, Long::sum)));
        }

        @Test
        public void missingSetting_isRejected() {
            for (Map<String, Object> incomplete :
                    List.<Map<String, Object>>of(Map.of("namespaces", "a"), Map.of("intervalMs", 5))) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new SweepComponent(incomplete, registry.counters(), registry.events, null));
            }
        }

        @Test
        public void listener_thatFails_doesNotAffectOthers() {
            registry.bind(new MapBackend("table"), "ets");
            sweep.bind((namespace, counters) -> {
                throw new IllegalStateException("on purpose");
            });
            sweep.bind((namespace, counters) -> counters.clear());
            listen();
            sweep.start();
            for (int i = 1; i <= 3; i++) {
                registry.namespace("swept").inc("k");
                long expected = i;
                await().until(() -> swept.getOrDefault("k", 0L) == expected);
            }
        }

        /** A failed sweep leaves the counters unchanged for the next one. */
        @Test
        public void backend_afterFailure_isSwept() {
            PlainBackend plain = new PlainBackend();
            registry.bind(plain, "ets");
            registry.namespace("swept").inc("k", 5);
            plain.before = PlainBackend.Fault.throwing(() -> new IllegalStateException("disk on fire"), "getAll");
            long before = plain.callsStarted.get();
            listen();
            sweep.start();
            await().until(() -> plain.callsStarted.get() > before + 10);
            assertEquals(Map.of(), swept);
            plain.recover();
            await().until(() -> swept.equals(Map.of("k", 5L)));
        }

        @Test
        public void registry_onStop_savesUnsweptCounts() {
            BackendHandle table = registry.bind(new MapBackend("table"), "ets");
            registry.namespace("kept").inc("k", 5);
            listen();
            sweep.start();
            registry.unbind(table);
            var saved = registry.stop();
            assertThrows(NoBackendException.class, registry.counters()::namespaces);
            sweep.stop();
            assertEquals(1, saved.size());
            assertEquals(Map.of(), swept);
        }
    }
}
