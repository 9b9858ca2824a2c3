package org.counterex.events.provider;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterEvent;
import org.counterex.api.CounterEvent.Operation;
import org.counterex.api.CounterListener;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.admin.MoveDTO;
import org.counterex.registry.provider.RealCounters;
import org.junit.After;
import org.junit.Test;

/** Reports one crossing each time a check finds a counter above the threshold, even if events were dropped. */
public class ThresholdWatcherTest {

    private static final int CHECKS_UNTIL_RETRY = 10;

    private final RealCounters real = new RealCounters();
    private final Counters counters = real.counters();
    private final List<String> crossings = new ArrayList<>();
    private boolean unavailable;
    private Runnable changed;

    private final ThresholdWatcher watcher = watch(counters);

    @After
    public void close() {
        real.close();
    }

    private ThresholdWatcher watch(Counters service) {
        return new ThresholdWatcher(
                ThresholdSettings.of(Map.of("namespace", "ns*", "keys", "k*", "value", 10)),
                service,
                (namespace, key, value) -> crossings.add(namespace + "/" + key + "=" + value));
    }

    /** Sets a counter and passes the event to the watcher. */
    private void set(String namespace, String key, long value) {
        counters.namespace(namespace).set(key, value);
        watcher.onOperation(event(Operation.SET, namespace, key));
    }

    private static CounterEvent event(Operation operation, String namespace, String key) {
        return new CounterEvent("map/map", operation, namespace, key, 0, OptionalLong.empty(), true);
    }

    private void assertCrossings(String... expected) {
        watcher.check();
        assertEquals(List.of(expected), crossings);
    }

    @Test
    public void counter_atTheThreshold_isReportedOnce() {
        assertCrossings();
        set("ns", "k", 9);
        assertCrossings();
        set("ns", "k", 10);
        assertCrossings("ns/k=10");
        set("ns", "k", 11);
        assertCrossings("ns/k=10");
        set("ns2", "k2", 1_000);
        assertCrossings("ns/k=10", "ns2/k2=1000");
    }

    @Test
    public void counter_belowAndAboveAgain_isReportedAgain() {
        set("ns", "k", 10);
        assertCrossings("ns/k=10");
        set("ns", "k", 9);
        assertCrossings("ns/k=10");
        set("ns", "k", 20);
        assertCrossings("ns/k=10", "ns/k=20");
    }

    @Test
    public void counter_deletedAndRecreated_isReportedAgain() {
        set("ns", "k", 10);
        assertCrossings("ns/k=10");
        counters.namespace("ns").delete("k");
        watcher.onOperation(event(Operation.DELETE, "ns", "k"));
        assertCrossings("ns/k=10");
        set("ns", "k", 11);
        assertCrossings("ns/k=10", "ns/k=11");
        counters.namespace("ns").drain();
        watcher.onOperation(event(Operation.DRAIN, "ns", ""));
        assertCrossings("ns/k=10", "ns/k=11");
        set("ns", "k", 12);
        assertCrossings("ns/k=10", "ns/k=11", "ns/k=12");
    }

    @Test
    public void counter_aboveAtStart_isReportedOnce() {
        counters.namespace("ns").set("k", 50);
        assertCrossings("ns/k=50");
        assertCrossings("ns/k=50");
    }

    @Test
    public void counters_withoutMatch_areIgnored() {
        counters.namespace("other").set("k", 50);
        counters.namespace("ns").set("other", 50);
        assertCrossings();
        set("ns", "other", 60);
        assertCrossings();
        watcher.onDropped(1);
        assertCrossings();
    }

    @Test
    public void check_afterDroppedEvents_readsAllNamespaces() {
        set("ns", "k1", 50);
        assertCrossings("ns/k1=50");
        counters.namespace("ns").delete("k1");
        counters.namespace("ns").set("k2", 50);
        assertCrossings("ns/k1=50");
        watcher.onDropped(2);
        assertCrossings("ns/k1=50", "ns/k2=50");
        set("ns", "k1", 51); // it was absent at the last check
        assertCrossings("ns/k1=50", "ns/k2=50", "ns/k1=51");
    }

    @Test
    public void namespace_deleted_countsAsBelow() {
        set("ns", "k", 50);
        assertCrossings("ns/k=50");
        counters.namespace("ns").deleteAll();
        watcher.onDropped(2);
        assertCrossings("ns/k=50");
        set("ns", "k", 51);
        assertCrossings("ns/k=50", "ns/k=51");
    }

    @Test
    public void namespace_moved_isChecked() {
        assertCrossings();
        counters.namespace("ns").set("k", 50);
        counters.namespace("other").set("k", 50);
        for (String name : List.of("ns", "other")) {
            MoveDTO move = new MoveDTO();
            move.namespace = name;
            watcher.moved(move);
        }
        assertCrossings("ns/k=50");
    }

    @Test
    public void backend_unavailable_isReadAgain() {
        ThresholdWatcher retrying = watch(intercepted(Counters.class, counters, (method, result) -> {
            if (unavailable) {
                throw BackendUnavailableException.notApplied("on purpose", "ns");
            }
            return result;
        }));
        unavailable = true;
        counters.namespace("ns").set("k", 50);
        retrying.check();
        unavailable = false;
        retrying.check();
        assertEquals(List.of("ns/k=50"), crossings);
        unavailable = true;
        counters.namespace("ns").set("k2", 60);
        retrying.onOperation(event(Operation.SET, "ns", "k2"));
        retrying.check();
        unavailable = false;
        for (int i = 0; i < CHECKS_UNTIL_RETRY; i++) {
            retrying.check();
        }
        assertEquals(List.of("ns/k=50", "ns/k2=60"), crossings);
    }

    @Test
    public void counter_changedDuringCheck_isCheckedAgain() {
        CounterNamespace ns = intercepted(CounterNamespace.class, counters.namespace("ns"), (method, result) -> {
            if (method.equals("get") && result.equals(OptionalLong.of(9))) {
                counters.namespace("ns").set("k", 10);
                changed.run();
            }
            return result;
        });
        ThresholdWatcher late = watch(
                intercepted(Counters.class, counters, (method, result) -> method.equals("namespace") ? ns : result));
        changed = () -> late.onOperation(event(Operation.SET, "ns", "k"));
        late.check();
        counters.namespace("ns").set("k", 9);
        changed.run();
        late.check();
        late.check();
        assertEquals(List.of("ns/k=10"), crossings);
    }

    /** Returns a service that also calls a hook after each of its methods. */
    private static <T> T intercepted(Class<T> type, T service, BiFunction<String, Object, Object> after) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return after.apply(method.getName(), method.invoke(service, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    /**
     * Each counter crosses the threshold once under concurrent callers: each is reported once, whichever events are
     * dropped.
     */
    @Test
    public void counters_underConcurrentCallers_areReportedOnce() throws InterruptedException {
        int keys = 500;
        real.listen((CounterListener) watcher);
        List<Thread> callers = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            callers.add(new Thread(() -> {
                for (int i = 0; i < 100 * keys; i++) {
                    counters.namespace("ns").inc("k" + i % keys);
                }
            }));
        }
        callers.forEach(Thread::start);
        while (callers.stream().anyMatch(Thread::isAlive)) {
            watcher.check();
        }
        await().pollInterval(1, TimeUnit.MILLISECONDS).untilAsserted(() -> {
            watcher.check();
            assertEquals(keys, crossings.size());
        });
        Map<String, Integer> times = new TreeMap<>();
        crossings.forEach(crossing -> times.merge(crossing.replaceAll("=.*", ""), 1, Integer::sum));
        assertEquals(keys, times.size());
    }
}
