package org.counterex.itest;

import java.util.List;
import java.util.Map;
import org.counterex.api.admin.BackendDTO;
import org.junit.Test;

/** What is in {@link BackendBundleTest}, and all that can happen to the configuration of one of our backends. */
public abstract class ConfigurableBackendTest extends BackendBundleTest {

    private int refused;

    /** Settings that make no sense, each on its own. */
    abstract List<Map<String, ?>> nonsense();

    @Override
    final String symbolicName() {
        return "org.counterex.backend." + type();
    }

    private String further() {
        return symbolicName() + ".instance~second";
    }

    private boolean isDefault(BackendDTO backend) {
        return backend.name.equals(type());
    }

    private static boolean isFurther(BackendDTO backend) {
        return backend.name.equals("second");
    }

    private Map<String, ?> nextNonsense() {
        return nonsense().get(refused++ % nonsense().size());
    }

    @Test
    public void defaultInstance_configuredReconfiguredAndNotAnyMore_leavesCountersExact() throws Exception {
        countersAreExactWhile(
                () -> {
                    platform.configure(symbolicName(), Map.of("ranking", 5));
                    awaitBackend(backend -> isDefault(backend) && backend.ranking == 5);
                },
                () -> {
                    platform.configure(symbolicName(), Map.of("ranking", "6", "namespaces", "q*,sums"));
                    awaitBackend(backend -> isDefault(backend) && backend.claims.equals(List.of("q*", "sums")));
                },
                () -> {
                    platform.deleteConfiguration(symbolicName());
                    awaitBackend(backend -> isDefault(backend) && backend.ranking == 0);
                });
    }

    @Test
    public void defaultInstance_configuredWithNonsense_staysAwayAndLeavesCountersExact() throws Exception {
        countersAreExactWhile(
                () -> {
                    platform.configure(symbolicName(), nextNonsense());
                    awaitNoBackend(this::isDefault);
                },
                () -> {
                    platform.deleteConfiguration(symbolicName());
                    awaitBackend(this::isDefault);
                });
    }

    @Test
    public void furtherInstance_configuredReconfiguredAndNotAnyMore_leavesCountersExact() throws Exception {
        countersAreExactWhile(
                () -> {
                    platform.configure(further(), Map.of("ranking", 5));
                    awaitBackend(backend -> isFurther(backend) && backend.ranking == 5);
                },
                () -> {
                    platform.configure(further(), Map.of("ranking", 6, "namespaces", new String[] {"q*", "sums"}));
                    awaitBackend(backend -> isFurther(backend) && backend.claims.equals(List.of("q*", "sums")));
                },
                () -> {
                    platform.deleteConfiguration(further());
                    awaitNoBackend(ConfigurableBackendTest::isFurther);
                });
    }

    @Test
    public void furtherInstance_configuredWithNonsense_staysAwayAndLeavesCountersExact() throws Exception {
        countersAreExactWhile(
                () -> {
                    platform.configure(further(), Map.of("ranking", 5));
                    awaitBackend(ConfigurableBackendTest::isFurther);
                },
                () -> {
                    platform.configure(further(), nextNonsense());
                    awaitNoBackend(ConfigurableBackendTest::isFurther);
                },
                () -> platform.deleteConfiguration(further()));
    }
}
