package org.counterex.registry.provider.routing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.registry.provider.GlobFuzzTest;
import org.counterex.registry.provider.MapBackend;
import org.counterex.registry.provider.MemoryConfigurations;
import org.counterex.registry.provider.TestRegistry;
import org.counterex.registry.provider.admin.RegistryAdmin;
import org.counterex.registry.provider.admin.RouteConfigurations;
import org.counterex.support.config.Settings;
import org.counterex.tck.Arbitrary;
import org.counterex.tck.ConfigurationContract;
import org.counterex.tck.Refusal;
import org.counterex.tck.Seed;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationException;

/** Routes of any globs and filters, well-formed and not. */
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
        return !globs.isEmpty() && globs.stream().allMatch(GlobFuzzTest::isGlob);
    }

    /** A filter, or what somebody takes for one. */
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

    /** What a configuration of a route may hold. */
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

    /** What the services of the registry make of them. */
    public static class Services {

        private static final String PID = BackendRegistry.ROUTE_PID + "~";

        @Rule
        public final Seed seed = new Seed();

        private final TestRegistry world = new TestRegistry();
        private final MemoryConfigurations configurations = new MemoryConfigurations();
        private final RouteTable routes = new RouteTable(world.migration.routing());
        private final RouteConfigurations stored = new RouteConfigurations(world.migration, routes, configurations.admin());
        private final BackendRegistry registry = new RegistryAdmin(world.migration, routes, stored, world.audit);

        @Before
        public void count() throws ConfigurationException {
            world.bind(new MapBackend("a"), "ets");
            world.bind(new MapBackend("b"), "b");
            configure("kept", new Hashtable<>(Map.of("namespaces", "n*", "target", "(counterex.backend=b)")));
            world.namespace("ns").inc("k", 5);
            world.awaitTurn();
        }

        @After
        public void close() {
            world.close();
        }

        private void configure(String name, Hashtable<String, Object> properties) throws ConfigurationException {
            configurations.put(PID + name, properties);
            try {
                stored.updated(PID + name, properties);
            } finally {
                world.awaitTurn();
            }
        }

        private String state() {
            world.awaitTurn();
            return registry.routes() + " " + registry.moves().size() + " " + world.home("ns") + " "
                    + world.namespace("ns").getAll();
        }

        /** What is no filter is refused on one line; no route and no counter changes. */
        @Test
        public void route_byWhatIsNoFilter_isRefusedAndChangesNothing() {
            Arbitrary arbitrary = new Arbitrary(seed.random(0));
            String before = state();
            for (int i = seed.rounds(500); i > 0; i--) {
                String filter = arbitrary.below(50) == 0 ? null : filter(arbitrary);
                if (filter == null || !isFilter(filter)) {
                    Refusal.of(IllegalArgumentException.class, () -> registry.route("*", filter));
                    Refusal.of(IllegalArgumentException.class, () -> registry.swap("ns", filter));
                    assertEquals(before, state());
                }
            }
        }

        @Test
        public void glob_thatIsNone_isRefusedAndChangesNothing() {
            Arbitrary arbitrary = new Arbitrary(seed.random(1));
            String before = state();
            for (int i = seed.rounds(500); i > 0; i--) {
                String glob = arbitrary.of(null, "", "\\", arbitrary.text(5) + "\\", arbitrary.text(5));
                if (glob == null || !GlobFuzzTest.isGlob(glob)) {
                    Refusal.of(IllegalArgumentException.class, () -> registry.route(glob, "(counterex.backend=b)"));
                }
                Refusal.of(IllegalArgumentException.class, () -> registry.unroute(glob));
                assertEquals(before, state());
            }
        }

        @Test
        public void name_thatIsNone_isRefusedAndChangesNothing() {
            Arbitrary arbitrary = new Arbitrary(seed.random(2));
            String before = state();
            for (int i = seed.rounds(500); i > 0; i--) {
                String name = arbitrary.noName();
                Refusal.of(IllegalArgumentException.class, () -> registry.swap(name, "b"));
                Refusal.of(IllegalArgumentException.class, () -> registry.explain(name));
                Refusal.of(
                        IllegalArgumentException.class, () -> registry.swap("ns", name == null ? null : "no " + name));
                assertEquals(before, state());
            }
        }

        /** A configuration that makes no sense is no route any more; every other one stays. */
        @Test
        public void configuration_thatMakesNoSense_isRefusedOnOneLine() throws Exception {
            Arbitrary arbitrary = new Arbitrary(seed.random(3));
            String before = state();
            for (int i = seed.rounds(500); i > 0; i--) {
                Object globs = arbitrary.setting();
                String target = filter(arbitrary);
                Hashtable<String, Object> properties =
                        new Hashtable<>(Map.of("namespaces", globs, "target", target, "ranking", -1));
                if (areGlobs(globs) && ConfigurationContract.isText(target) && isFilter(target.trim())) {
                    configure("other", properties);
                    assertEquals(2, registry.routes().size());
                } else {
                    String reason = assertThrows(ConfigurationException.class, () -> configure("other", properties))
                            .getReason();
                    Refusal.assertOneLine(reason);
                }
                configurations.remove(PID + "other");
                stored.deleted(PID + "other");
                world.settle();
                assertEquals(before.replaceFirst("\\] \\d+ .*", ""), state().replaceFirst("\\] \\d+ .*", ""));
            }
        }

        /** What is kept of a route is the filter as text: it means the same when it is read again. */
        @Test
        public void filter_readAgainFromItsText_isTheSame() {
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
