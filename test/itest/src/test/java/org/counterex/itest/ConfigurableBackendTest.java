package org.counterex.itest;

import java.util.List;
import java.util.Map;
import org.counterex.api.admin.BackendDTO;
import org.junit.Test;

/** The tests of {@link BackendBundleTest}, and changes of the configuration of a backend of this project. */
public abstract class ConfigurableBackendTest extends BackendBundleTest {

    private int used;

    /** Returns invalid settings, each to be used on its own. */
    abstract List<Map<String, ?>> invalidSettings();

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

    private Map<String, ?> nextInvalid() {
        return invalidSettings().get(used++ % invalidSettings().size());
    }

    @Test
    public void defaultInstance_reconfigured_leavesCountersExact() throws Exception {
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
    public void defaultInstance_configuredInvalid_isAbsent() throws Exception {
        countersAreExactWhile(
                () -> {
                    platform.configure(symbolicName(), nextInvalid());
                    awaitNoBackend(this::isDefault);
                },
                () -> {
                    platform.deleteConfiguration(symbolicName());
                    awaitBackend(this::isDefault);
                });
    }

    @Test
    public void furtherInstance_reconfigured_leavesCountersExact() throws Exception {
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
    public void furtherInstance_configuredInvalid_isAbsent() throws Exception {
        countersAreExactWhile(
                () -> {
                    platform.configure(further(), Map.of("ranking", 5));
                    awaitBackend(ConfigurableBackendTest::isFurther);
                },
                () -> {
                    platform.configure(further(), nextInvalid());
                    awaitNoBackend(ConfigurableBackendTest::isFurther);
                },
                () -> platform.deleteConfiguration(further()));
    }
}
