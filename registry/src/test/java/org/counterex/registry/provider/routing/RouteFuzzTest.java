package org.counterex.registry.provider.routing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.registry.provider.MapBackend;
import org.counterex.registry.provider.MemoryConfigurations;
import org.counterex.registry.provider.TestRegistry;
import org.counterex.registry.provider.admin.RouteConfigurations;
import org.counterex.support.config.Settings;
import org.counterex.tck.Arbitrary;
import org.counterex.tck.ConfigurationContract;
import org.counterex.tck.Rejection;
import org.counterex.tck.Seed;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationException;

/** Random routes, with valid and invalid globs and filters. */
@RunWith(Enclosed.class)
public class RouteFuzzTest {

    private static boolean isFilter(String text) {
        if (text.length() > 4_096) {
            return false;
        }
        try {
            FrameworkUtil.createFilter(FrameworkUtil.createFilter(text).toString());
            return true;
        } catch (InvalidSyntaxException e) {
            return false;
        }
    }

    public static boolean areGlobs(Object value) {
        if (!ConfigurationContract.isList(value)) {
            return false;
        }
        List<String> globs = new Settings(Map.of("globs", value)).list("globs");
        return !globs.isEmpty() && globs.stream().allMatch(ConfigurationContract::isGlob);
    }

    /** Returns a filter, valid or not. */
    private static String filter(Arbitrary arbitrary) {
        if (arbitrary.below(100) == 0) {
            int depth = arbitrary.of(1_300, 1_400, 100_000);
            return "(!".repeat(depth) + "(a=b)" + ")".repeat(depth);
        }
        StringBuilder filter = new StringBuilder("(counterex.backend=ets)");
        for (int i = arbitrary.below(4); i > 0; i--) {
            int at = arbitrary.below(filter.length() + 1);
            switch (arbitrary.below(5)) {
                case 0 -> filter.insert(at, arbitrary.text(3));
                case 1 -> filter.delete(at, Math.min(filter.length(), at + 3));
                case 2 -> filter.insert(at, arbitrary.of("(", ")", "*", "\\", "=", ">=", "~=", "&", "|", "!"));
                case 3 ->
                    filter.insert(0, arbitrary.of("(!", "(&(a=b)", "(|(a>=5)(b~= x )", "(|(a>=5)(b~= )"))
                            .append(')');
                default -> filter.append(arbitrary.text(3));
            }
        }
        return filter.toString();
    }

    /** Validation of the configuration of a route. */
    public static class Configuration extends ConfigurationContract {

        @Override
        protected Map<String, Predicate<Object>> keys() {
            return Map.of(
                    "namespaces",
                    RouteFuzzTest::areGlobs,
                    "target",
                    value -> isText(value) && isFilter(value.toString().trim()),
                    "ranking",
                    isNumber(Integer.MIN_VALUE, Integer.MAX_VALUE));
        }

        @Override
        protected void configure(Map<String, ?> properties) {
            Map<String, Object> complete = new HashMap<>(properties);
            complete.values().removeIf(value -> value == null);
            complete.putIfAbsent("namespaces", "a");
            complete.putIfAbsent("target", "(a=b)");
            Route.of("pid", new Settings(complete));
        }
    }

    /** Routes passed to the services of the registry. */
    public static class Services {

        private static final String PID = BackendRegistry.ROUTE_PID + "~";

        @Rule
        public final Seed seed = new Seed();

        @Rule
        public final TestRegistry registry = new TestRegistry();

        private final MemoryConfigurations configurations = new MemoryConfigurations();
        private final RouteConfigurations routeConfigurations = registry.routeConfigurations(configurations.admin());
        private final BackendRegistry admin = registry.admin(routeConfigurations);

        @Before
        public void count() throws ConfigurationException {
            registry.bind(new MapBackend("a"), "ets");
            registry.bind(new MapBackend("b"), "b");
            configure("first", new Hashtable<>(Map.of("namespaces", "n*", "target", "(counterex.backend=b)")));
            registry.namespace("ns").inc("k", 5);
            registry.awaitControlThread();
        }

        private void configure(String name, Hashtable<String, Object> properties) throws ConfigurationException {
            configurations.put(PID + name, properties);
            try {
                routeConfigurations.updated(PID + name, properties);
            } finally {
                registry.awaitControlThread();
            }
        }

        private String state() {
            registry.awaitControlThread();
            return admin.routes() + " " + admin.moves().size() + " " + registry.storeOf("ns") + " "
                    + registry.namespace("ns").getAll();
        }

        /** The message is one line; no route and no counter changes. */
        @Test
        public void route_withInvalidFilter_isRejectedWithoutEffect() {
            Arbitrary arbitrary = new Arbitrary(seed.random(0));
            String before = state();
            for (int i = seed.rounds(500); i > 0; i--) {
                String filter = arbitrary.below(50) == 0 ? null : filter(arbitrary);
                if (filter == null || !isFilter(filter)) {
                    Rejection.of(IllegalArgumentException.class, () -> admin.route("*", filter));
                    Rejection.of(IllegalArgumentException.class, () -> admin.swap("ns", filter));
                    assertEquals(before, state());
                }
            }
        }

        @Test
        public void invalidGlob_isRejectedWithoutEffect() {
            Arbitrary arbitrary = new Arbitrary(seed.random(1));
            String before = state();
            for (int i = seed.rounds(500); i > 0; i--) {
                String glob = arbitrary.of(null, "", "\\", arbitrary.text(5) + "\\", arbitrary.text(5));
                if (glob == null || !ConfigurationContract.isGlob(glob)) {
                    Rejection.of(IllegalArgumentException.class, () -> admin.route(glob, "(counterex.backend=b)"));
                }
                Rejection.of(IllegalArgumentException.class, () -> admin.unroute(glob));
                assertEquals(before, state());
            }
        }

        @Test
        public void invalidName_isRejectedWithoutEffect() {
            Arbitrary arbitrary = new Arbitrary(seed.random(2));
            String before = state();
            for (int i = seed.rounds(500); i > 0; i--) {
                String name = arbitrary.invalidName();
                Rejection.of(IllegalArgumentException.class, () -> admin.swap(name, "b"));
                Rejection.of(IllegalArgumentException.class, () -> admin.explain(name));
                Rejection.of(
                        IllegalArgumentException.class, () -> admin.swap("ns", name == null ? null : "no " + name));
                assertEquals(before, state());
            }
        }

        /** An invalid configuration removes its route; all others stay. */
        @Test
        public void invalidConfiguration_isRejectedOnOneLine() throws Exception {
            Arbitrary arbitrary = new Arbitrary(seed.random(3));
            String before = state();
            for (int i = seed.rounds(500); i > 0; i--) {
                Object globs = arbitrary.setting();
                String target = filter(arbitrary);
                Hashtable<String, Object> properties =
                        new Hashtable<>(Map.of("namespaces", globs, "target", target, "ranking", -1));
                if (areGlobs(globs) && ConfigurationContract.isText(target) && isFilter(target.trim())) {
                    configure("other", properties);
                    assertEquals(2, admin.routes().size());
                } else {
                    String reason = assertThrows(ConfigurationException.class, () -> configure("other", properties))
                            .getReason();
                    Rejection.assertOneLine(reason);
                }
                configurations.remove(PID + "other");
                routeConfigurations.deleted(PID + "other");
                registry.reconcile();
                assertEquals(before.replaceFirst("\\] \\d+ .*", ""), state().replaceFirst("\\] \\d+ .*", ""));
            }
        }

        /** A route is stored with the text of its filter, which must parse to an equal filter. */
        @Test
        public void filter_parsedFromItsText_isEqual() {
            Arbitrary arbitrary = new Arbitrary(seed.random(4));
            for (int i = seed.rounds(5_000); i > 0; i--) {
                String text = filter(arbitrary);
                if (isFilter(text)) {
                    Filter filter = Route.filter(text);
                    assertEquals(text, filter, Route.filter(filter.toString()));
                }
            }
        }
    }
}
