package org.counterex.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterEvent;
import org.counterex.api.CounterListener;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.service.log.LoggerFactory;

/** Operations are reported to listeners, events of the registry to handlers of EventAdmin. */
public class EventsIT extends CountingTest {

    private static final String THRESHOLD = "org.counterex.threshold~test";
    private static final String SWEEP = BackendRegistry.SWEEP_PID + "~test";
    private static final String ATOMICS = "org.counterex.backend.atomics";

    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final AtomicLong received = new AtomicLong();
    private ServiceRegistration<?> registration;
    private volatile boolean done;

    @After
    public void cleanUp() throws Exception {
        for (String pid : List.of(THRESHOLD, SWEEP, ATOMICS)) {
            platform.deleteConfiguration(pid);
        }
        if (registration != null) {
            registration.unregister();
        }
    }

    private CounterNamespace namespace(String name) {
        return platform.service(Counters.class).namespace(name);
    }

    private void registerHandler() {
        registration = platform.register(
                EventHandler.class,
                (EventHandler) events::add,
                Map.of(EventConstants.EVENT_TOPIC, new String[] {"org/counterex/*"}));
    }

    private long count(String topic, String... properties) {
        return events.stream()
                .filter(event -> event.getTopic().equals("org/counterex/" + topic))
                .filter(event -> {
                    for (int i = 0; i < properties.length; i += 2) {
                        if (!properties[i + 1].equals(String.valueOf(event.getProperty(properties[i])))) {
                            return false;
                        }
                    }
                    return true;
                })
                .count();
    }

    private void awaitEvent(String topic, String... properties) {
        Await.until(
                () -> count(topic, properties) > 0,
                () -> topic + " " + List.of(properties) + " not received: events=" + events);
    }

    @Test
    public void registryEvents_areHandled() throws Exception {
        registerHandler();
        namespace("ns").inc("k", 5);
        registry().swap("ns", "atomics");
        awaitEvent("namespace/MOVED", "namespace", "ns", "outcome", "moved", "to", "atomics/atomics", "sum", "5");
        Bundle counters = platform.bundle("org.counterex.backend.counters");
        counters.stop();
        awaitEvent("backend/LEFT", "backend", "counters/counters");
        counters.start();
        awaitEvent("backend/ARRIVED", "backend", "counters/counters", "retention", "none");
        platform.configure(SWEEP, Map.of("namespaces", "swept", "intervalMs", 1));
        namespace("swept").inc("k", 7);
        awaitEvent("namespace/SWEPT", "namespace", "swept", "counters", "1", "sum", "7");
        platform.configure(ATOMICS, Map.of("capacity", 1));
        awaitBackend(backend -> Long.valueOf(1).equals(backend.capacity));
        registry().swap("full", "atomics");
        namespace("full").inc("k");
        assertThrows(CapacityExceededException.class, () -> namespace("full").inc("l"));
        awaitEvent("namespace/CAPACITY_EXCEEDED", "namespace", "full", "backend", "atomics/atomics");
    }

    @Test
    public void threshold_crossed_isReportedOnceEachTime() throws Exception {
        registerHandler();
        platform.configure(THRESHOLD, Map.of("namespace", "requests", "keys", "failed*", "value", 100));
        for (int i = 0; i < 150; i++) {
            namespace("requests").inc("failed");
            namespace("requests").inc("done");
        }
        awaitEvent("threshold/CROSSED", "name", "test", "namespace", "requests", "key", "failed", "threshold", "100");
        namespace("requests").reset("failed");
        for (int i = 0; i < 3; i++) { // when the others are reported, one by one, it has been checked
            namespace("requests").set("failed" + i, 100);
            awaitEvent("threshold/CROSSED", "key", "failed" + i);
        }
        namespace("requests").set("failed", 1_000);
        awaitEvent("threshold/CROSSED", "key", "failed", "value", "1000");
        assertEquals(5, count("threshold/CROSSED"));
    }

    @Test
    public void threshold_invalid_isLoggedOnOneLine() throws Exception {
        Logged log = new Logged("error", "org.counterex.events");
        ServiceRegistration<?> logService =
                platform.register(LoggerFactory.class, log.service(), Map.of(Constants.SERVICE_RANKING, 1));
        platform.configure(THRESHOLD, Map.of("namespace", "requests", "value", "many"));
        Await.until(() -> !log.lines().isEmpty(), () -> "no message logged");
        assertEquals(
                List.of("threshold test is inactive: invalid setting: value=many expected=a whole number"
                        + " from -9223372036854775807 to 9223372036854775807"),
                log.lines());
        logService.unregister();
    }

    /** The listener stays registered while a backend restarts. */
    @Test
    public void listener_duringBackendRestarts_receivesEveryOperation() throws Exception {
        registration = platform.register(
                CounterListener.class,
                new CounterListener() {
                    @Override
                    public void onOperation(CounterEvent event) {
                        received.incrementAndGet();
                    }

                    @Override
                    public void onDropped(long more) {
                        received.addAndGet(more);
                    }
                },
                Map.of(CounterListener.NAMESPACES, "observed"));
        CounterNamespace counters = namespace("observed");
        Bundle ets = platform.bundle("org.counterex.backend.ets");
        AtomicLong calls = new AtomicLong();
        Thread caller = new Thread(() -> {
            while (!done) {
                counters.inc("k");
                calls.incrementAndGet();
            }
        });
        caller.start();
        for (int i = 0; i < 5; i++) {
            ets.stop();
            ets.start();
            awaitBackendOf(ets);
        }
        done = true;
        caller.join();
        Await.until(() -> received.get() == calls.get(), () -> "received=" + received + " calls=" + calls);
        assertTrue(calls.get() > 0);
    }
}
