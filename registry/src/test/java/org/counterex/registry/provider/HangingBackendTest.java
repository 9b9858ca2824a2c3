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
import org.junit.Test;

/** Backends without tables that do not answer: nobody but who called them waits for long, and what they may have done is told. */
public class HangingBackendTest {

    private static final long CALL_TIMEOUT_MS = 200;

    /** Many times what any bounded wait here may take on a busy machine, and far less than for ever. */
    private static final long BOUND_MS = 10_000;

    private final TestRegistry world = new TestRegistry(CALL_TIMEOUT_MS, 0);
    private final PlainBackend service = new PlainBackend();
    private final BackendHandle table = world.bind(new MapBackend("table"), "ets");
    private final BackendHandle plain = world.bind(service, "plain");
    private final CounterNamespace namespace = world.namespace("ns");
    private final Map<String, Long> counters = new HashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Hang> hangs = new ArrayList<>();

    @After
    public void close() {
        hangs.forEach(Hang::release);
        threads.shutdownNow();
        world.close();
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
        long begun = System.nanoTime();
        action.run();
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        assertTrue("took " + tookMs + " ms", tookMs < boundMs);
    }

    @Test
    public void voluntaryMove_whileACallHangs_isRefusedAndOthersGoOn() throws Exception {
        count(40);
        world.swap("ns", plain);
        Hang hang = hang(Hang.in("inc", "k7"));
        Future<Long> hanging = threads.submit(() -> namespace.inc("k7"));
        hang.awaitCall();
        inTime(() -> assertThrows(MoveRefusedException.class, () -> world.swap("ns", table)));
        assertEquals(MoveDTO.Outcome.REFUSED, world.lastMove().outcome);
        assertEquals("plain/plain", world.home("ns"));
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
        assertEquals(MoveDTO.Outcome.MOVED, world.swap("ns", table).outcome);
        assertEquals(counters, namespace.getAll());
    }

    @Test
    public void leavingBackend_inWhichACallHangs_isAbandonedByThatCallAlone() throws Exception {
        count(40);
        world.swap("ns", plain);
        Hang hang = hang(Hang.in("inc", "k7"));
        Future<Long> hanging = threads.submit(() -> namespace.inc("k7"));
        hang.awaitCall();
        inTime(() -> world.unbind(plain));
        service.leave();
        assertEquals("ets/ets", world.home("ns"));
        assertEquals(counters, namespace.getAll());
        assertEquals(9, namespace.inc("k7"));
        recover();
        BackendUnavailableException e = unavailable(hanging);
        assertTrue(e.mayHaveBeenApplied());
        assertEquals(9, namespace.get("k7").getAsLong());
        assertEquals(Set.of(), service.late());
    }

    private static BackendUnavailableException unavailable(Future<?> call) throws Exception {
        ExecutionException e = assertThrows(ExecutionException.class, () -> call.get(10, TimeUnit.SECONDS));
        assertEquals(BackendUnavailableException.class, e.getCause().getClass());
        return (BackendUnavailableException) e.getCause();
    }

    @Test
    public void moveTo_aBackendThatHangs_isRefusedOrUndone() {
        count(40);
        for (String operation : new String[] {"set", "get", "getAll"}) {
            hang(new Hang((op, key) -> op.equals(operation) && (key.isEmpty() || key.equals("k7"))));
            try {
                inTime(() -> world.swap("ns", plain));
                assertEquals("it need not ask", "get", operation);
                recover();
                assertEquals(MoveDTO.Outcome.MOVED, world.swap("ns", table).outcome);
            } catch (MoveRefusedException e) {
                assertEquals("ets/ets", world.home("ns"));
            }
            inTime(() -> assertEquals(operation, counters, namespace.getAll()));
            recover();
            assertEquals(operation, counters, namespace.getAll());
            world.settle();
            assertEquals("ets/ets", world.home("ns"));
            assertEquals(counters, namespace.getAll());
        }
    }

    /** The set that was given up takes effect at last: when the backend is a target again, it must not count. */
    @Test
    public void setThatHung_andComesThroughAtLast_doesNotCount() {
        count(40);
        Hang hang = hang(Hang.in("set", "k7"));
        assertThrows(MoveRefusedException.class, () -> world.swap("ns", plain));
        service.recover();
        world.settle();
        namespace.delete("k7");
        hang.release();
        awaitHeld("k7");
        world.settle();
        try {
            world.swap("ns", plain);
        } catch (MoveRefusedException e) {
            // right as well, as long as it cannot be told what the backend holds
        }
        assertEquals(1, namespace.inc("k7"));
    }

    /** The same with the delete that ends a hand-over: it must not take what has come back meanwhile. */
    @Test
    public void deleteThatHung_andComesThroughAtLast_takesNothing() {
        count(40);
        world.swap("ns", plain);
        Hang hang = hang(Hang.in("delete", "k7"));
        assertThrows(MoveRefusedException.class, () -> world.swap("ns", table));
        service.recover();
        world.route("ns", "(counterex.backend=plain)");
        world.settle();
        assertEquals(counters, namespace.getAll());
        counters.put("k7", namespace.inc("k7"));
        hang.release();
        awaitIdle();
        assertEquals(counters, namespace.getAll());
        world.settle();
        assertEquals(counters, namespace.getAll());
    }

    /** What callers create where their namespace is moving to is there at once. */
    @Test
    public void newCounters_whileAMoveHangs_areMetAgain() throws Exception {
        count(40);
        Hang hang = hang(Hang.in("set", "k7"));
        Future<?> swap = threads.submit(() -> world.swap("ns", plain));
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

    private void awaitHeld(String key) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BOUND_MS);
        while (!service.held("ns").containsKey(key)) {
            assertTrue("it has not come through", System.nanoTime() < end);
            Thread.onSpinWait();
        }
    }

    @Test
    public void moveFrom_aBackendThatHangs_isRefusedOrUndoneOrGoesThrough() {
        count(40);
        for (String operation : new String[] {"info", "getAll", "get", "delete"}) {
            world.swap("ns", plain);
            hang(new Hang((op, key) -> op.equals(operation) && (key.isEmpty() || key.equals("k7"))));
            inTime(() -> assertThrows(operation, MoveRefusedException.class, () -> world.swap("ns", table)));
            recover();
            assertEquals(operation, counters, namespace.getAll());
            inTime(world::settle);
            if (!world.home("ns").equals("ets/ets")) {
                assertEquals(operation, MoveDTO.Outcome.MOVED, world.swap("ns", table).outcome);
            }
            assertEquals(operation, counters, namespace.getAll());
            assertTrue(world.namespace("ns").placement().isSettled());
            world.settle();
        }
    }

    @Test
    public void leavingBackend_thatHangsAtAnyStep_leavesInTimeAndIsNotCalledAgain() throws Exception {
        for (String operation : new String[] {"info", "getAll", "get", "delete"}) {
            PlainBackend leaving = new PlainBackend();
            BackendHandle bound = world.bind(leaving, "leaving");
            String name = "leaving." + operation;
            world.route(name, "(counterex.backend=leaving)");
            CounterNamespace last = world.namespace(name);
            for (int k = 0; k < 40; k++) {
                last.inc("k" + k, k + 1);
            }
            Hang hang = new Hang((op, key) -> op.equals(operation) && (key.isEmpty() || key.equals("k7")));
            hangs.add(hang);
            leaving.before = hang;
            inTime(() -> world.unbind(bound));
            leaving.leave();
            world.awaitTurn();
            assertFalse(operation, world.home(name).equals("leaving/leaving"));
            assertTrue(operation, world.namespace(name).placement().isSettled());
            inTime(() -> last.inc("new"));
            int there = last.getAll().size();
            // One that cannot list its counters takes them with it; otherwise one at most stays behind.
            assertTrue(operation + " left " + there, operation.equals("getAll") || there >= 40);
            leaving.recover();
            hang.release();
            world.settle();
            assertEquals(operation, there, last.getAll().size());
            assertEquals(operation, Set.of(), leaving.late());
        }
    }

    /** A bound that does not depend on how many calls hang: all of them are waited for together. */
    @Test
    public void leavingBackend_inWhichEveryCallHangs_leavesInTime() throws Exception {
        world.route("ns", "(counterex.backend=plain)");
        count(60);
        Hang hang = hang(new Hang((operation, key) -> true));
        List<Future<?>> hanging = new ArrayList<>();
        for (int k = 0; k < 60; k++) {
            String key = "k" + k;
            hanging.add(threads.submit(() -> namespace.inc(key)));
        }
        hang.awaitCall();
        while (service.begun.get() < 120) {
            Thread.onSpinWait();
        }
        inTime(18 * CALL_TIMEOUT_MS, () -> world.unbind(plain));
        service.leave();
        world.awaitTurn();
        assertEquals("ets/ets", world.home("ns"));
        assertEquals(1, namespace.inc("k7"));
        recover();
        for (Future<?> call : hanging) {
            assertTrue(unavailable(call).mayHaveBeenApplied());
        }
        assertEquals(Set.of(), service.late());
    }

    /** Whatever of a move is still under way when the time for leaving is over: it calls the backend no more. */
    @Test
    public void backend_thatHasGone_isNotCalledWhateverHoldsOn() {
        world.route("ns", "(counterex.backend=plain)");
        namespace.inc("k");
        assertTrue(plain.close(BOUND_MS));
        service.leave();
        for (Runnable call : new Runnable[] {
            () -> namespace.inc("k"), () -> namespace.get("k"), () -> namespace.delete("k"), namespace::getAll
        }) {
            assertFalse(
                    assertThrows(BackendUnavailableException.class, call::run).mayHaveBeenApplied());
        }
        assertEquals(Set.of(), service.late());
    }

    @Test
    public void deletesThatAreStillDue_whenTheBackendLeaves_areNotMadeAfterwards() throws Exception {
        count(40);
        world.swap("ns", plain);
        service.before = PlainBackend.Fault.throwing(IllegalStateException::new, "delete");
        world.swap("ns", table);
        Hang hang = hang(Hang.in("delete"));
        inTime(world::settle);
        hang.awaitCall();
        inTime(() -> world.unbind(plain));
        service.leave();
        recover();
        world.bind(new PlainBackend(), "later");
        awaitIdle();
        assertEquals(Set.of(), service.late());
        assertEquals(counters, namespace.getAll());
    }

    /** Waits until the calls that were released have gone on as far as they go. */
    private void awaitIdle() {
        ThreadGroupWatch.awaitIdle("counterex-mover", BOUND_MS);
    }

    @Test
    public void newBackend_thatHangsWhileItsCountersAreTakenUp_doesNotKeepOthersFromMoving() throws Exception {
        count(3);
        for (int calls = 1; calls <= 2; calls++) {
            for (String operation : new String[] {"info", "getAll", "get", "delete"}) {
                PlainBackend newcomer = new PlainBackend();
                newcomer.inc("ns", "own", 100, 0);
                int[] left = {calls};
                Hang hang = new Hang((op, key) -> op.equals(operation) && --left[0] <= 0);
                hangs.add(hang);
                newcomer.before = hang;
                BackendHandle[] bound = new BackendHandle[1];
                inTime(() -> bound[0] = world.bind(newcomer, "newcomer"));
                inTime(() -> world.unbind(bound[0]));
                newcomer.leave();
                newcomer.recover();
                hang.release();
                namespace.delete("own");
                assertEquals(counters, namespace.getAll());
                assertEquals(Set.of(), newcomer.late());
            }
        }
    }

    @Test
    public void callers_ofOtherKeys_goOnWhileALeavingBackendIsAbandoned() throws Exception {
        world.route("ns", "(counterex.backend=plain)");
        namespace.inc("stuck");
        Hang hang = hang(Hang.in("inc", "stuck"));
        Future<Long> hanging = threads.submit(() -> namespace.inc("stuck"));
        hang.awaitCall();
        try (Writers writers = new Writers(namespace, 2, 100)) {
            writers.awaitCalls(1_000);
            world.unbind(plain);
            writers.awaitCalls(1_000);
            writers.stopAndCheck();
        }
        assertFalse(hanging.isDone());
        assertEquals(2, namespace.inc("stuck"));
    }
}
