package org.counterex.web.provider;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.counterex.support.log.ServiceLog;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;

/**
 * Starter of the HTTP service on demand: its bundle has a start level of its own, because a run of a few commands does
 * not need it. If its port is in use, the bundle is started and yet there is no service, which this class logs.
 * Thread-safe.
 */
final class HttpServiceStarter implements FrameworkListener {

    private static final String HOST = "org.apache.felix.http.host";
    private static final String PORT = "org.osgi.service.http.port";

    private final BundleContext context;
    private final ServiceLog log;

    HttpServiceStarter(BundleContext context, ServiceLog log) {
        this.context = context;
        this.log = log;
    }

    /** Raises the start level of the framework to that of the HTTP service, if it is lower, and waits for it. */
    void start(long timeoutMs) throws InterruptedException {
        FrameworkStartLevel framework = context.getBundle(0).adapt(FrameworkStartLevel.class);
        int required = bundle().map(
                        bundle -> bundle.adapt(BundleStartLevel.class).getStartLevel())
                .orElse(0);
        if (framework.getStartLevel() < required) {
            CountDownLatch reached = new CountDownLatch(1);
            framework.setStartLevel(required, event -> reached.countDown());
            reached.await(timeoutMs, TimeUnit.MILLISECONDS);
        }
    }

    /** Returns why the page is not served, as far as is known. */
    String problem() {
        Optional<Bundle> bundle = bundle();
        if (bundle.isEmpty()) {
            return "the page is not served: no HTTP service is installed";
        }
        if (bundle.get().getState() != Bundle.ACTIVE) {
            return "the page is not served: the HTTP service is not started, see log/counterex.log";
        }
        return isServing()
                ? "the page is not served: see log/counterex.log"
                : "the page is not served, the port is in use or not permitted: host=" + context.getProperty(HOST)
                        + " port=" + context.getProperty(PORT) + "; to use another: COUNTEREX_OPTS=-D" + PORT + "=N";
    }

    /**
     * Logs the problem if a start level is reached and the HTTP bundle is active without a service: it will not have
     * one any more.
     */
    @Override
    public void frameworkEvent(FrameworkEvent event) {
        boolean levelReached =
                event.getType() == FrameworkEvent.STARTLEVEL_CHANGED || event.getType() == FrameworkEvent.STARTED;
        if (levelReached
                && !isServing()
                && bundle().filter(b -> b.getState() == Bundle.ACTIVE).isPresent()) {
            log.warn(problem());
        }
    }

    private boolean isServing() {
        return context.getServiceReference(HttpServiceRuntime.class) != null;
    }

    private Optional<Bundle> bundle() {
        return Stream.of(context.getBundles())
                .filter(bundle -> {
                    BundleRevision revision = bundle.adapt(BundleRevision.class);
                    return revision != null
                            && revision.getDeclaredCapabilities("osgi.implementation").stream()
                                    .anyMatch(capability -> "osgi.http"
                                            .equals(capability.getAttributes().get("osgi.implementation")));
                })
                .findFirst();
    }
}
