package org.counterex.itest;

import java.util.List;
import java.util.Map;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendDTO;
import org.junit.Assert;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;

/**
 * Every life cycle operation on the bundle of {@code mvstore} and on the registry, while all namespaces are in its
 * file. Writers only add, because additions succeed while the backend is detached.
 */
public class MvstoreBackendIT extends CountingTest {

    private static final String MVSTORE = "org.counterex.backend.mvstore";
    private static final String REGISTRY = "org.counterex.registry";
    private static final String BACKEND = "mvstore/mvstore";
    private static final String FILE = "mvstore.jar";
    private static final int ROUNDS = 4;

    @Override
    boolean registryStops() {
        return true;
    }

    @Before
    public void routeEverythingToTheFile() throws Exception {
        if (platform.find(MVSTORE).isEmpty()) {
            platform.install(jar(MVSTORE));
        }
        awaitServed();
        registry().route("*", "(counterex.backend=mvstore)");
    }

    private static boolean isDefault(BackendDTO backend) {
        return backend.name.equals("mvstore");
    }

    private Bundle backend() {
        return platform.bundle(MVSTORE);
    }

    private void countersAreKeptWhile(Step... steps) throws Exception {
        awaitServed();
        set("quiet", Calls.QUIET);
        long seed;
        try (Writers writers = new Writers(() -> platform.present(Counters.class), true, true, ledger)) {
            seed = writers.seed();
            writers.keepCounting();
            awaitPlacement("seed " + seed);
            for (int round = 0; round < ROUNDS; round++) {
                for (Step step : steps) {
                    step.take();
                    writers.keepCounting();
                }
            }
        }
        awaitPlacement("seed " + seed);
        Assert.assertEquals("seed " + seed, List.of(), disagreements());
    }

    /** Waits until the backend is bound and the values it retained are available again. */
    private void awaitServed() {
        awaitBackend(MvstoreBackendIT::isDefault);
        Assert.assertThrows(IllegalArgumentException.class, () -> registry().unroute("nowhere"));
        Await.until(
                () -> registry().namespaces().stream()
                        .noneMatch(namespace -> namespace.backend.endsWith(" (detached)")),
                () -> registry().namespaces().toString());
    }

    private void awaitPlacement(String hint) {
        Await.until(
                () -> List.of("quiet", "sums", "default").stream()
                        .map(registry()::explain)
                        .allMatch(namespace -> namespace.backend.equals(BACKEND) && !namespace.moving),
                () -> hint + " " + registry().namespaces());
    }

    @Test
    public void bundle_stoppedAndStarted_keepsCountersAndAdditions() throws Exception {
        countersAreKeptWhile(() -> backend().stop(), () -> {
            Counters counters = platform.service(Counters.class);
            Assert.assertEquals(
                    registry().moves() + " " + registry().routes(),
                    BACKEND + " (detached)",
                    registry().explain("quiet").backend);
            Assert.assertThrows(
                    BackendUnavailableException.class,
                    () -> counters.namespace("quiet").get("one"));
            backend().start();
        });
    }

    @Test
    public void bundle_updatedToAnotherVersion_keepsCounters() throws Exception {
        countersAreKeptWhile(
                () -> platform.update(backend(), jar(MVSTORE + "-other")),
                () -> platform.update(backend(), jar(MVSTORE)));
    }

    @Test
    public void bundle_refreshed_keepsCounters() throws Exception {
        countersAreKeptWhile(() -> platform.refresh(backend()));
    }

    @Test
    public void bundle_uninstalledAndInstalled_keepsCounters() throws Exception {
        countersAreKeptWhile(() -> backend().uninstall(), () -> platform.install(jar(MVSTORE)));
    }

    @Test
    public void file_deletedAndDropped_keepsCounters() throws Exception {
        DropFolder folder = new DropFolder(platform);
        backend().uninstall();
        folder.drop(jar(MVSTORE), FILE);
        countersAreKeptWhile(() -> folder.delete(FILE), () -> folder.drop(jar(MVSTORE), FILE));
        folder.delete(FILE);
        platform.install(jar(MVSTORE));
        awaitPlacement("dropped");
    }

    @Test
    public void registry_stoppedStartedAndRefreshed_keepsCounters() throws Exception {
        countersAreKeptWhile(
                () -> {
                    platform.bundle(REGISTRY).stop();
                    platform.bundle(REGISTRY).start();
                },
                () -> platform.refresh(platform.bundle(REGISTRY)));
    }

    @Test
    public void registry_stoppedWhileDetached_keepsAdditions() throws Exception {
        countersAreKeptWhile(
                () -> backend().stop(),
                () -> {
                    platform.bundle(REGISTRY).stop();
                    platform.bundle(REGISTRY).start();
                },
                () -> backend().start());
    }

    @Test
    public void components_allStoppedAndStarted_keepCounters() throws Exception {
        countersAreKeptWhile(() -> {
            platform.bundle("org.apache.felix.scr").stop();
            platform.bundle("org.apache.felix.scr").start();
        });
    }

    @Test
    public void configuration_changedAndInvalid_keepsCounters() throws Exception {
        countersAreKeptWhile(
                () -> {
                    platform.configure(MVSTORE, Map.of("flushIntervalMs", 7));
                    awaitBackend(backend -> isDefault(backend) && "7".equals(backend.details.get("flushIntervalMs")));
                },
                () -> {
                    platform.configure(MVSTORE, Map.of("durability", "perhaps"));
                    awaitNoBackend(MvstoreBackendIT::isDefault);
                },
                () -> {
                    platform.deleteConfiguration(MVSTORE);
                    awaitBackend(MvstoreBackendIT::isDefault);
                });
    }

    @Test
    public void swap_toMemoryAndBack_keepsCountersExact() throws Exception {
        countersAreKeptWhile(
                () -> registry().swap("sums", "ets"), () -> registry().swap("sums", "mvstore"));
    }

    @Test
    public void backend_claimingEverything_isTheDefault() throws Exception {
        registry().unroute("*");
        platform.configure(MVSTORE, Map.of("namespaces", "*"));
        awaitBackend(backend -> isDefault(backend) && backend.claims.equals(List.of("*")));
        countersAreKeptWhile(() -> backend().stop(), () -> backend().start());
        Assert.assertEquals(BACKEND, registry().explain("never asked for").targetBackend);
        Assert.assertEquals(
                BackendDTO.Retention.LOCAL,
                registry().backends().stream()
                        .filter(MvstoreBackendIT::isDefault)
                        .findFirst()
                        .orElseThrow()
                        .retention);
        platform.deleteConfiguration(MVSTORE);
        awaitBackend(backend -> isDefault(backend) && backend.claims.isEmpty());
        awaitServed();
    }
}
