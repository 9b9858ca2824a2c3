package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterNamespace;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.MoveDTO;
import org.counterex.registry.provider.backend.BackendHandle;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/**
 * Backends without tables that hang: only their own callers wait, and an outcome that is unknown is reported as such.
 */
public class HangingBackendTest {

    private static final long CALL_TIMEOUT_MS = 200;

    /** Far above any bounded wait in these tests, also on a busy machine. */
    private static final long BOUND_MS = 10_000;

    @Rule
    public final TestRegistry registry = new TestRegistry(CALL_TIMEOUT_MS, 0);

    private final PlainBackend service = new PlainBackend();
    private final BackendHandle table = registry.bind(new MapBackend("table"), "ets");
    private final BackendHandle plain = registry.bind(service, "plain");
    private final CounterNamespace namespace = registry.namespace("ns");
    private final Map<String, Long> counters = new HashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Hang> hangs = new ArrayList<>();

    @After
    public void close() {
        hangs.forEach(Hang::release);
        threads.shutdownNow();
    }

    private void count(int keys) {
        for (int k = 0; k < keys; k++) {
            counters.put("k" + k, namespace.inc("k" + k, k + 1));
        }
    }

    private Hang hang(Hang hang) {
        hangs.add(hang);
        service.before = hang;
        return hang;
    }

    private void recover() {
        service.recover();
        hangs.forEach(Hang::release);
    }

    private static void inTime(Runnable action) {
        inTime(BOUND_MS, action);
    }

    private static void inTime(long boundMs, Runnable action) {
        long started = System.nanoTime();
        action.run();
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        assertTrue("took " + tookMs + " ms", tookMs < boundMs);
    }

    @Test
    public void swap_withHangingCall_isRefused() throws Exception {
        count(40);
        registry.swap("ns", plain);
        Hang hang = hang(Hang.in("inc", "k7"));
        Future<Long> hanging = threads.submit(() -> namespace.inc("k7"));
        hang.awaitCall();
        inTime(() -> assertThrows(MoveRefusedException.class, () -> registry.swap("ns", table)));
        assertEquals(MoveDTO.Outcome.REFUSED, registry.lastMove().outcome);
        assertEquals("plain/plain", registry.storeOf("ns"));
        inTime(() -> {
            for (int k = 0; k < 40; k++) {
                if (k != 7) {
                    counters.put("k" + k, namespace.inc("k" + k));
                }
            }
            assertEquals(8, namespace.get("k7").getAsLong());
        });
        recover();
        assertEquals(9, hanging.get(10, TimeUnit.SECONDS).longValue());
        counters.put("k7", 9L);
        assertEquals(MoveDTO.Outcome.MOVED, registry.swap("ns", table).outcome);
        assertEquals(counters, namespace.getAll());
    }

    @Test
    public void unbind_withHangingCall_abandonsThatCall() throws Exception {
        count(40);
        registry.swap("ns", plain);
        Hang hang = hang(Hang.in("inc", "k7"));
        Future<Long> hanging = threads.submit(() -> namespace.inc("k7"));
        hang.awaitCall();
        inTime(() -> registry.unbind(plain));
        service.expectNoCalls();
        assertEquals("ets/ets", registry.storeOf("ns"));
        assertEquals(counters, namespace.getAll());
        assertEquals(9, namespace.inc("k7"));
        recover();
        BackendUnavailableException e = unavailable(hanging);
        assertTrue(e.mayHaveBeenApplied());
        assertEquals(9, namespace.get("k7").getAsLong());
        assertEquals(Set.of(), service.unexpectedCalls());
    }

    private static BackendUnavailableException unavailable(Future<?> call) throws Exception {
        ExecutionException e = assertThrows(ExecutionException.class, () -> call.get(10, TimeUnit.SECONDS));
        assertEquals(BackendUnavailableException.class, e.getCause().getClass());
        return (BackendUnavailableException) e.getCause();
    }

    @Test
    public void moveTo_hangingBackend_isRefusedOrUndone() {
        count(40);
        for (String operation : new String[] {"set", "get", "getAll"}) {
            hang(new Hang((op, key) -> op.equals(operation) && (key.isEmpty() || key.equals("k7"))));
            try {
                inTime(() -> registry.swap("ns", plain));
                assertEquals("only a move that does not call get succeeds", "get", operation);
                recover();
                assertEquals(MoveDTO.Outcome.MOVED, registry.swap("ns", table).outcome);
            } catch (MoveRefusedException e) {
                assertEquals("ets/ets", registry.storeOf("ns"));
            }
            inTime(() -> assertEquals(operation, counters, namespace.getAll()));
            recover();
            assertEquals(operation, counters, namespace.getAll());
            registry.reconcile();
            assertEquals("ets/ets", registry.storeOf("ns"));
            assertEquals(counters, namespace.getAll());
        }
    }

    /** An abandoned set takes effect late: its value must not be counted when the backend is a target again. */
    @Test
    public void set_completingLate_isNotCounted() {
        count(40);
        Hang hang = hang(Hang.in("set", "k7"));
        assertThrows(MoveRefusedException.class, () -> registry.swap("ns", plain));
        service.recover();
        registry.reconcile();
        namespace.delete("k7");
        hang.release();
        awaitContents("k7");
        registry.reconcile();
        try {
            registry.swap("ns", plain);
        } catch (MoveRefusedException e) {
            // correct too, while the contents of the backend are unknown
        }
        assertEquals(1, namespace.inc("k7"));
    }

    /**
     * An abandoned delete at the end of a transfer takes effect late: it must not remove what was moved back meanwhile.
     */
    @Test
    public void delete_completingLate_removesNothing() {
        count(40);
        registry.swap("ns", plain);
        Hang hang = hang(Hang.in("delete", "k7"));
        assertThrows(MoveRefusedException.class, () -> registry.swap("ns", table));
        service.recover();
        registry.route("ns", "(counterex.backend=plain)");
        registry.reconcile();
        assertEquals(counters, namespace.getAll());
        counters.put("k7", namespace.inc("k7"));
        hang.release();
        awaitIdle();
        assertEquals(counters, namespace.getAll());
        registry.reconcile();
        assertEquals(counters, namespace.getAll());
    }

    /** A counter created in the target of an ongoing move is visible at once. */
    @Test
    public void newCounters_duringHangingMove_areFound() throws Exception {
        count(40);
        Hang hang = hang(Hang.in("set", "k7"));
        Future<?> swap = threads.submit(() -> registry.swap("ns", plain));
        hang.awaitCall();
        for (int k = 0; k < 5; k++) {
            assertEquals(1, namespace.inc("new" + k));
            assertEquals(1, namespace.get("new" + k).orElse(0));
        }
        namespace.delete("new1");
        assertTrue(namespace.get("new1").isEmpty());
        assertThrows(ExecutionException.class, () -> swap.get(BOUND_MS, TimeUnit.MILLISECONDS));
        recover();
        assertEquals(44, namespace.getAll().size());
    }

    private void awaitContents(String key) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BOUND_MS);
        while (!service.contents("ns").containsKey(key)) {
            assertTrue("the call has not taken effect", System.nanoTime() < end);
            Thread.onSpinWait();
        }
    }

    @Test
    public void moveFrom_hangingBackend_endsInTime() {
        count(40);
        for (String operation : new String[] {"info", "getAll", "get", "delete"}) {
            registry.swap("ns", plain);
            hang(new Hang((op, key) -> op.equals(operation) && (key.isEmpty() || key.equals("k7"))));
            inTime(() -> assertThrows(operation, MoveRefusedException.class, () -> registry.swap("ns", table)));
            recover();
            assertEquals(operation, counters, namespace.getAll());
            inTime(registry::reconcile);
            if (!registry.storeOf("ns").equals("ets/ets")) {
                assertEquals(operation, MoveDTO.Outcome.MOVED, registry.swap("ns", table).outcome);
            }
            assertEquals(operation, counters, namespace.getAll());
            assertTrue(registry.namespace("ns").placement().isSettled());
            registry.reconcile();
        }
    }

    @Test
    public void unbind_hangingAtAnyStep_endsInTime() throws Exception {
        for (String operation : new String[] {"info", "getAll", "get", "delete"}) {
            PlainBackend leaving = new PlainBackend();
            BackendHandle bound = registry.bind(leaving, "leaving");
            String name = "leaving." + operation;
            registry.route(name, "(counterex.backend=leaving)");
            CounterNamespace affected = registry.namespace(name);
            for (int k = 0; k < 40; k++) {
                affected.inc("k" + k, k + 1);
            }
            Hang hang = new Hang((op, key) -> op.equals(operation) && (key.isEmpty() || key.equals("k7")));
            hangs.add(hang);
            leaving.before = hang;
            inTime(() -> registry.unbind(bound));
            leaving.expectNoCalls();
            registry.awaitControlThread();
            assertFalse(operation, registry.storeOf(name).equals("leaving/leaving"));
            assertTrue(operation, registry.namespace(name).placement().isSettled());
            inTime(() -> affected.inc("new"));
            int remaining = affected.getAll().size();
            // The counters of a backend that cannot list them are lost; otherwise at most one is.
            assertTrue(operation + " remaining " + remaining, operation.equals("getAll") || remaining >= 40);
            leaving.recover();
            hang.release();
            registry.reconcile();
            assertEquals(operation, remaining, affected.getAll().size());
            assertEquals(operation, Set.of(), leaving.unexpectedCalls());
        }
    }

    /** The time to leave does not depend on the number of hanging calls: all are awaited together. */
    @Test
    public void unbind_withAllCallsHanging_endsInTime() throws Exception {
        registry.route("ns", "(counterex.backend=plain)");
        count(60);
        Hang hang = hang(new Hang((operation, key) -> true));
        List<Future<?>> hanging = new ArrayList<>();
        for (int k = 0; k < 60; k++) {
            String key = "k" + k;
            hanging.add(threads.submit(() -> namespace.inc(key)));
        }
        hang.awaitCall();
        while (service.callsStarted.get() < 120) {
            Thread.onSpinWait();
        }
        inTime(18 * CALL_TIMEOUT_MS, () -> registry.unbind(plain));
        service.expectNoCalls();
        registry.awaitControlThread();
        assertEquals("ets/ets", registry.storeOf("ns"));
        assertEquals(1, namespace.inc("k7"));
        recover();
        for (Future<?> call : hanging) {
            assertTrue(unavailable(call).mayHaveBeenApplied());
        }
        assertEquals(Set.of(), service.unexpectedCalls());
    }

    /** A part of a move that is still in progress after the unbind must not call the backend. */
    @Test
    public void backend_afterClose_isNotCalled() {
        registry.route("ns", "(counterex.backend=plain)");
        namespace.inc("k");
        assertTrue(plain.close(BOUND_MS));
        service.expectNoCalls();
        for (Runnable call : new Runnable[] {
            () -> namespace.inc("k"), () -> namespace.get("k"), () -> namespace.delete("k"), namespace::getAll
        }) {
            assertFalse(
                    assertThrows(BackendUnavailableException.class, call::run).mayHaveBeenApplied());
        }
        assertEquals(Set.of(), service.unexpectedCalls());
    }

    @Test
    public void pendingDeletes_afterUnbind_areNotExecuted() throws Exception {
        count(40);
        registry.swap("ns", plain);
        service.before = PlainBackend.Fault.throwing(IllegalStateException::new, "delete");
        registry.swap("ns", table);
        Hang hang = hang(Hang.in("delete"));
        inTime(registry::reconcile);
        hang.awaitCall();
        inTime(() -> registry.unbind(plain));
        service.expectNoCalls();
        recover();
        registry.bind(new PlainBackend(), "later");
        awaitIdle();
        assertEquals(Set.of(), service.unexpectedCalls());
        assertEquals(counters, namespace.getAll());
    }

    /** Waits until the released calls have ended. */
    private void awaitIdle() {
        ThreadGroupWatch.awaitIdle("counterex-backend-call", BOUND_MS);
    }

    @Test
    public void newBackend_hangingDuringMerge_blocksNoMove() throws Exception {
        count(3);
        for (int calls = 1; calls <= 2; calls++) {
            for (String operation : new String[] {"info", "getAll", "get", "delete"}) {
                PlainBackend newcomer = new PlainBackend();
                newcomer.inc("ns", "own", 100, 0);
                int[] remaining = {calls};
                Hang hang = new Hang((op, key) -> op.equals(operation) && --remaining[0] <= 0);
                hangs.add(hang);
                newcomer.before = hang;
                BackendHandle[] bound = new BackendHandle[1];
                inTime(() -> bound[0] = registry.bind(newcomer, "newcomer"));
                inTime(() -> registry.unbind(bound[0]));
                newcomer.expectNoCalls();
                newcomer.recover();
                hang.release();
                namespace.delete("own");
                assertEquals(counters, namespace.getAll());
                assertEquals(Set.of(), newcomer.unexpectedCalls());
            }
        }
    }

    @Test
    public void callers_ofOtherKeys_continueDuringUnbind() throws Exception {
        registry.route("ns", "(counterex.backend=plain)");
        namespace.inc("stuck");
        Hang hang = hang(Hang.in("inc", "stuck"));
        Future<Long> hanging = threads.submit(() -> namespace.inc("stuck"));
        hang.awaitCall();
        try (Writers writers = new Writers(namespace, 2, 100)) {
            writers.awaitCalls(1_000);
            registry.unbind(plain);
            writers.awaitCalls(1_000);
            writers.stopAndCheck();
        }
        assertFalse(hanging.isDone());
        assertEquals(2, namespace.inc("stuck"));
    }
}
