package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.Counter;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.MoveDTO;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.Namespace;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/**
 * The contract of namespaces in a backend of any kind that retains its values: while it is absent, additions are
 * collected and all other calls are rejected.
 */
public abstract class RetentionContract {

    static final Map<String, Long> VALUES = Map.of("k", 100L, "other", 7L);

    @Rule
    public final TestRegistry registry = new TestRegistry();

    final BackendHandle memory = registry.bind(new MapBackend("table"), "ets");
    final Namespace namespace = registry.namespace("ns");
    final ExecutorService threads = Executors.newCachedThreadPool();

    /** A filter that selects the backend under test. */
    abstract String filter();

    /** Binds the backend under test, with the label {@code disk/disk}. */
    abstract BackendHandle bind(TestRegistry registry);

    /** Binds another instance of the same type, and returns a view of its counters of the namespace {@code ns}. */
    abstract Supplier<Map<String, Long>> bindOther();

    /** Returns the counters of the namespace {@code ns} in the backend under test. */
    abstract Map<String, Long> contents();

    /** Returns the number of counters by namespace in the backend under test. */
    abstract Map<String, Long> sizes();

    /** Called when the backend must not be called any more. */
    void expectNoCalls() {}

    /** Asserts that the backend was not called after {@link #expectNoCalls}, and has the initial counters. */
    void assertNotCalled() {
        assertEquals(VALUES, contents());
    }

    @After
    public void endThreads() {
        threads.shutdownNow();
    }

    final BackendHandle bind() {
        return bind(registry);
    }

    BackendHandle bindWithCounters() {
        registry.route("ns", filter());
        BackendHandle backend = bind();
        namespace.set("k", 100);
        namespace.set("other", 7);
        assertEquals("disk/disk", registry.storeOf("ns"));
        return backend;
    }

    @Test
    public void retainingBackend_isNeverTheDefault() {
        bind();
        registry.unbind(memory);
        namespace.inc("k");
        assertEquals("parking", registry.storeOf("ns"));
    }

    @Test
    public void additions_whileDetached_areCollectedAndMerged() {
        BackendHandle backend = bindWithCounters();
        Counter handle = namespace.counter("k");
        handle.inc();
        registry.unbind(backend);
        assertEquals(Map.of("k", 101L, "other", 7L), contents());
        assertEquals("disk/disk (detached)", registry.storeOf("ns"));
        namespace.add("k", 5);
        handle.add(-2);
        namespace.add("new", 3);
        assertEquals(Map.of("k", 101L, "other", 7L), contents());
        bind();
        assertEquals("disk/disk", registry.storeOf("ns"));
        assertEquals(Map.of("k", 104L, "other", 7L, "new", 3L), namespace.getAll());
        assertEquals(105, handle.inc());
        assertEquals(Map.of("k", 105L, "other", 7L, "new", 3L), contents());
        assertEquals(Map.of("ns", 3L), sizes());
    }

    @Test
    public void otherCalls_whileDetached_areRejectedWithoutEffect() {
        BackendHandle backend = bindWithCounters();
        Counter handle = namespace.counter("k");
        handle.inc(0);
        registry.unbind(backend);
        expectNoCalls();
        namespace.add("k", 1);
        for (Runnable call : TestRegistry.callsRequiringValue(namespace, handle)) {
            assertFalse(
                    assertThrows(BackendUnavailableException.class, call::run).mayHaveBeenApplied());
        }
        assertTrue(registry.counters().namespaces().contains("ns"));
        assertNotCalled();
    }

    @Test
    public void swapAway_removesTheValues() {
        bindWithCounters();
        assertEquals(MoveDTO.Outcome.MOVED, registry.swap("ns", memory).outcome);
        assertEquals(VALUES, namespace.getAll());
        assertEquals(Map.of(), contents());
        assertEquals(Map.of(), sizes());
    }

    /** The retained values are inaccessible, so a move would be incomplete. */
    @Test
    public void swapAway_whileDetached_isRefused() {
        BackendHandle backend = bindWithCounters();
        registry.unbind(backend);
        namespace.add("k", 1);
        assertThrows(MoveRefusedException.class, () -> registry.swap("ns", memory));
        bind();
        assertEquals(101, namespace.get("k").getAsLong());
    }

    @Test
    public void routeChange_whileDetached_appliesOnRebind() {
        BackendHandle backend = bindWithCounters();
        registry.unbind(backend);
        namespace.add("k", 1);
        registry.route("ns", "(counterex.backend=ets)");
        bind();
        assertEquals("ets/ets", registry.storeOf("ns"));
        assertEquals(Map.of("k", 101L, "other", 7L), namespace.getAll());
        assertEquals(Map.of(), contents());
    }

    /** The values belong to the instance of the same type and name. */
    @Test
    public void additions_onOtherInstance_stayCollected() {
        BackendHandle backend = bindWithCounters();
        registry.unbind(backend);
        namespace.add("k", 1);
        Supplier<Map<String, Long>> other = bindOther();
        assertThrows(BackendUnavailableException.class, () -> namespace.get("k"));
        assertEquals(Map.of(), other.get());
        bind();
        assertEquals(101, namespace.get("k").getAsLong());
    }

    @Test
    public void additions_afterStop_areRestored() {
        BackendHandle backend = bindWithCounters();
        registry.unbind(backend);
        namespace.add("k", 5);
        namespace.add("new", 3);
        try (TestRegistry next = new TestRegistry()) {
            next.load(registry.stop(), registry.retention.get());
            next.route("ns", filter());
            next.namespace("ns").add("k", 1);
            assertThrows(
                    BackendUnavailableException.class,
                    () -> next.namespace("ns").get("k"));
            bind(next);
            assertEquals(
                    Map.of("k", 106L, "other", 7L, "new", 3L),
                    next.namespace("ns").getAll());
        }
    }

    /** Handles of a stopped registry have no access to the counters of the next one. */
    @Test
    public void values_afterStop_areFoundAgain() {
        bindWithCounters();
        Counter handle = namespace.counter("k");
        handle.inc();
        assertEquals(List.of(), registry.stop());
        assertEquals(Map.of("k", 101L, "other", 7L), contents());
        assertThrows(RuntimeException.class, handle::inc);
        try (TestRegistry next = new TestRegistry()) {
            next.route("ns", filter());
            bind(next);
            assertEquals(Map.of("k", 101L, "other", 7L), next.namespace("ns").getAll());
        }
    }
}
