package org.counterex.itest;

import static org.junit.Assert.assertTrue;

import java.lang.ref.WeakReference;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** Every life cycle operation on the bundle of a backend, while all namespaces are routed to it. */
public abstract class BackendBundleTest extends CountingTest {

    abstract String symbolicName();

    abstract String type();

    private Bundle backend() {
        return platform.bundle(symbolicName());
    }

    @Before
    public void routeEverythingToTheBackend() throws Exception {
        if (platform.find(symbolicName()).isEmpty()) {
            platform.install(jar(symbolicName()));
        }
        registry().route("*", "(counterex.backend=" + type() + ")");
        Await.until(
                () -> registry().routes().stream().anyMatch(route -> route.active),
                () -> registry().routes() + " " + registry().backends());
    }

    @After
    public void updateToTheFirstVersion() throws Exception {
        platform.update(backend(), jar(symbolicName()));
    }

    @Test
    public void bundle_stoppedAndStarted_leavesCountersExact() throws Exception {
        AuditTrail trail =
                countersAreExactWhile(() -> backend().stop(), () -> backend().start());
        assertTrue(
                "nothing is parked while other backends are present",
                trail.moves().stream().noneMatch(move -> move.to.equals("parking")));
    }

    @Test
    public void bundle_updatedWithTheSameJar_leavesCountersExact() throws Exception {
        countersAreExactWhile(() -> platform.update(backend(), jar(symbolicName())));
    }

    @Test
    public void bundle_updatedToAnotherVersion_leavesCountersExact() throws Exception {
        countersAreExactWhile(
                () -> platform.update(backend(), jar(symbolicName() + "-other")),
                () -> platform.update(backend(), jar(symbolicName())));
    }

    @Test
    public void bundle_refreshed_leavesCountersExact() throws Exception {
        countersAreExactWhile(() -> platform.refresh(backend()));
    }

    @Test
    public void bundle_uninstalledAndInstalled_leavesCountersExact() throws Exception {
        countersAreExactWhile(() -> backend().uninstall(), () -> platform.install(jar(symbolicName())));
    }

    @Test
    public void classLoader_ofUpdatedBundle_isCollected() throws Exception {
        countersAreExactWhile(() -> {
            WeakReference<ClassLoader> former =
                    new WeakReference<>(backend().adapt(BundleWiring.class).getClassLoader());
            platform.update(backend(), jar(symbolicName() + "-other"));
            platform.refresh(backend());
            Await.until(
                    () -> {
                        System.gc();
                        return former.refersTo(null);
                    },
                    () -> "still reachable: " + former.get());
        });
    }
}
