package org.counterex.itest;

import java.util.Map;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** Every life cycle operation on the registry itself. Writers continue with the new service. */
public class RegistryIT extends CountingTest {

    private static final String REGISTRY = "org.counterex.registry";

    @Override
    boolean registryStops() {
        return true;
    }

    /** It could be the first backend to return, and does not guarantee exact results. */
    @Before
    public void stopCounters() throws Exception {
        platform.bundle("org.counterex.backend.counters").stop();
    }

    private Bundle bundle() {
        return platform.bundle(REGISTRY);
    }

    @Test
    public void bundle_stoppedAndStarted_leavesCountersExact() throws Exception {
        countersAreExactWhile(() -> {
            bundle().stop();
            bundle().start();
        });
    }

    @Test
    public void bundle_updatedWithTheSameJar_leavesCountersExact() throws Exception {
        countersAreExactWhile(() -> platform.update(bundle(), jar(REGISTRY)));
    }

    @Test
    public void bundle_updatedToAnotherVersion_leavesCountersExact() throws Exception {
        countersAreExactWhile(
                () -> platform.update(bundle(), jar(REGISTRY + "-other")),
                () -> platform.update(bundle(), jar(REGISTRY)));
    }

    @Test
    public void bundle_refreshed_leavesCountersExact() throws Exception {
        countersAreExactWhile(() -> platform.refresh(bundle()));
    }

    @Test
    public void bundle_uninstalledAndInstalled_leavesCountersExact() throws Exception {
        countersAreExactWhile(() -> {
            bundle().uninstall();
            platform.install(jar(REGISTRY));
        });
    }

    @Test
    public void configuration_createdAndDeleted_leavesCountersExact() throws Exception {
        countersAreExactWhile(
                () -> {
                    Counters before = platform.service(Counters.class);
                    platform.configure(BackendRegistry.PID, Map.of("callTimeoutMs", 4_000));
                    awaitSuccessor(before);
                },
                () -> {
                    Counters before = platform.service(Counters.class);
                    platform.deleteConfiguration(BackendRegistry.PID);
                    awaitSuccessor(before);
                });
    }

    private void awaitSuccessor(Counters before) {
        Await.until(() -> platform.service(Counters.class) != before, () -> "the service was not replaced");
    }

    /** All components restart, the registry and the backends in any order. */
    @Test
    public void components_allStoppedAndStarted_leaveCountersExact() throws Exception {
        countersAreExactWhile(() -> {
            platform.bundle("org.apache.felix.scr").stop();
            platform.bundle("org.apache.felix.scr").start();
        });
    }

    @Test
    public void configurationAdmin_stoppedAndStarted_leavesCountersExact() throws Exception {
        countersAreExactWhile(() -> {
            platform.bundle("org.apache.felix.configadmin").stop();
            platform.bundle("org.apache.felix.configadmin").start();
        });
    }
}
