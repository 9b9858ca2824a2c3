package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterNamespace;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Backends without tables that throw exceptions, at every step of a move. */
public class FailingBackendTest {

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final PlainBackend service = new PlainBackend();
    private final BackendHandle table = registry.bind(new MapBackend("table"), "ets");
    private final BackendHandle plain = registry.bind(service, "plain");
    private final CounterNamespace namespace = registry.namespace("ns");
    private final Map<String, Long> counters = new HashMap<>();

    @After
    public void close() {
        service.recover();
    }

    private void placeOnPlain(String name) {
        registry.route(name, "(counterex.backend=plain)");
    }

    private void count(int keys) {
        for (int k = 0; k < keys; k++) {
            counters.put("k" + k, namespace.inc("k" + k, k + 1));
        }
    }

    @Test
    public void operation_thatFails_reportsWhetherApplied() {
        placeOnPlain("ns");
        namespace.set("k", 1);
        service.before = PlainBackend.Fault.throwing(
                () -> new NoClassDefFoundError("gone"), "inc", "add", "set", "reset", "compareAndSwap", "delete");
        for (Runnable change : new Runnable[] {
            () -> namespace.inc("k"),
            () -> namespace.add("k", 1),
            () -> namespace.set("k", 1),
            () -> namespace.reset("k"),
            () -> namespace.compareAndSwap("k", 1, 2),
            () -> namespace.delete("k")
        }) {
            BackendUnavailableException e = assertThrows(BackendUnavailableException.class, change::run);
            assertTrue(e.mayHaveBeenApplied());
            assertTrue(e.getCause() instanceof NoClassDefFoundError);
        }
        service.before = PlainBackend.Fault.throwing(() -> new RuntimeException(), "get", "getAll");
        for (Runnable reading : new Runnable[] {
            () -> namespace.get("k"),
            namespace::getAll,
            namespace::drain,
            namespace::deleteAll,
            () -> namespace.delete("k")
        }) {
            BackendUnavailableException e = assertThrows(BackendUnavailableException.class, reading::run);
            assertFalse(e.mayHaveBeenApplied());
        }
        service.recover();
        assertEquals(2, namespace.inc("k"));
    }

    @Test
    public void operation_thatIsRejected_throwsSameException() {
        placeOnPlain("ns");
        CapacityExceededException failure = new CapacityExceededException("ns", "k", 0);
        service.before = PlainBackend.Fault.throwing(() -> failure, "inc");
        assertSame(failure, assertThrows(CapacityExceededException.class, () -> namespace.inc("k")));
    }

    @Test
    public void drain_failingHalfWay_returnsDrainedCounters() {
        count(20);
        registry.swap("ns", plain);
        service.before = PlainBackend.Fault.onKey("k7", "get");
        Map<String, Long> drained = namespace.drain();
        service.recover();
        Map<String, Long> all = new HashMap<>(namespace.getAll());
        drained.forEach((key, value) -> all.merge(key, value, Long::sum));
        assertEquals(counters, all);
    }

    @Test
    public void target_failingDuringMove_isRolledBack() {
        count(40);
        for (String operation : new String[] {"set", "getAll"}) {
            service.before = PlainBackend.Fault.throwing(() -> new IllegalStateException("disk on fire"), operation);
            assertRefused("ns");
            assertEquals(operation, counters, namespace.getAll());
            assertEquals(operation, "ets/ets", registry.storeOf("ns"));
            service.recover();
        }
        service.before = PlainBackend.Fault.onKey("k7", "set");
        assertRefused("ns");
        assertEquals(counters, namespace.getAll());
        service.recover();
        assertEquals(counters, namespace.getAll());
        assertEquals("ets/ets", registry.storeOf("ns"));
        assertTrue(service.contents("ns").isEmpty());
        assertEquals(MoveDTO.Outcome.MOVED, registry.swap("ns", plain).outcome);
        assertEquals(counters, namespace.getAll());
        assertEquals(counters, service.contents("ns"));
    }

    /** The target fails to read one counter: whether the move succeeds or not, the other counters stay accessible. */
    @Test
    public void target_failingToRead_hidesNoCounter() {
        count(40);
        service.before = PlainBackend.Fault.onKey("k7", "get");
        try {
            registry.swap("ns", plain);
        } catch (MoveRefusedException e) {
            assertEquals("ets/ets", registry.storeOf("ns"));
            assertEquals(counters, namespace.getAll());
        }
        service.recover();
        assertEquals(counters, namespace.getAll());
    }

    @Test
    public void writers_duringRollback_loseNothing() throws Exception {
        count(40);
        try (Writers writers = new Writers(registry.namespace("busy"), 2, 40)) {
            while (registry.namespace("busy").get("k7").isEmpty()) {
                Thread.onSpinWait();
            }
            service.before = PlainBackend.Fault.onKey("k7", "set");
            for (int i = 0; i < 20; i++) {
                assertRefused("busy");
            }
            writers.stopAndCheck();
        }
    }

    private void assertRefused(String name) {
        MoveRefusedException e = assertThrows(MoveRefusedException.class, () -> registry.swap(name, plain));
        assertTrue(e.getMessage(), e.getMessage().contains("disk on fire"));
        assertTrue(
                String.valueOf(registry.lastMove().outcome),
                Set.of(MoveDTO.Outcome.UNDONE, MoveDTO.Outcome.REFUSED).contains(registry.lastMove().outcome));
        assertTrue(registry.lastMove().reason.contains("disk on fire"));
    }

    /** The call fails after taking effect: the value that it left must not be counted. */
    @Test
    public void set_failingAfterEffect_leavesNothing() {
        count(20);
        service.after = PlainBackend.Fault.onKey("k7", "set");
        assertThrows(MoveRefusedException.class, () -> registry.swap("ns", plain));
        service.recover();
        assertEquals(counters, namespace.getAll());
        assertEquals(Map.of(), service.contents("ns"));
        registry.swap("ns", plain);
        assertEquals(counters, namespace.getAll());
    }

    /** The set fails after taking effect, and so does the delete that reverts it. */
    @Test
    public void set_failingWithItsCleanup_isNotCounted() {
        count(20);
        service.after = PlainBackend.Fault.onKey("k7", "set");
        service.before = PlainBackend.Fault.onKey("k7", "delete");
        assertThrows(MoveRefusedException.class, () -> registry.swap("ns", plain));
        assertEquals(counters, namespace.getAll());
        assertThrows(MoveRefusedException.class, () -> registry.swap("ns", plain));
        service.recover();
        registry.reconcile();
        namespace.delete("k7");
        assertEquals(MoveDTO.Outcome.MOVED, registry.swap("ns", plain).outcome);
        counters.remove("k7");
        assertEquals(counters, namespace.getAll());
    }

    @Test
    public void delete_failingInTransfer_countsOnce() {
        count(20);
        registry.swap("ns", plain);
        service.before = PlainBackend.Fault.onKey("k7", "delete");
        assertEquals(MoveDTO.Outcome.MOVED, registry.swap("ns", table).outcome);
        assertEquals(counters, namespace.getAll());
        assertEquals(Map.of("k7", 8L), service.contents("ns"));
        assertEquals(9, namespace.inc("k7"));
        registry.reconcile();
        assertEquals(9, namespace.get("k7").getAsLong());
    }

    @Test
    public void backend_withPendingDeletes_isNoTarget() {
        count(20);
        registry.swap("ns", plain);
        service.before = PlainBackend.Fault.onKey("k7", "delete");
        registry.swap("ns", table);
        registry.route("*", "(counterex.backend=plain)");
        assertEquals("ets/ets", registry.storeOf("ns"));
        MoveRefusedException e = assertThrows(MoveRefusedException.class, () -> registry.swap("ns", plain));
        assertTrue(e.getMessage(), e.getMessage().contains("delete"));
        namespace.delete("k7");
        service.recover();
        registry.reconcile();
        assertEquals("plain/plain", registry.storeOf("ns"));
        assertEquals(1, namespace.inc("k7"));
    }

    /**
     * A counter that a backend failed to delete was transferred: it is not counted again when the same service is
     * rebound.
     */
    @Test
    public void backend_reboundWithPendingDeletes_countsOnce() {
        count(20);
        registry.swap("ns", plain);
        service.before = PlainBackend.Fault.onKey("k7", "delete");
        registry.unbind(plain);
        assertEquals(counters, namespace.getAll());
        service.recover();
        registry.bind(service, "plain");
        assertEquals(counters, namespace.getAll());
    }

    @Test
    public void departure_failingOnOneKey_keepsAllOthers() {
        count(40);
        registry.swap("ns", plain);
        service.before = PlainBackend.Fault.onKey("k7", "get");
        registry.unbind(plain);
        counters.remove("k7");
        Map<String, Long> all = namespace.getAll();
        all.remove("k7");
        assertEquals(counters, all);
        registry.reconcile();
        assertEquals(
                List.of(MoveDTO.Outcome.ABANDONED),
                registry.moveLog.moves().stream()
                        .filter(move -> move.from.equals("plain/plain"))
                        .map(move -> move.outcome)
                        .filter(outcome -> outcome != MoveDTO.Outcome.UNDONE)
                        .toList());
        assertEquals(1, namespace.inc("k7"));
    }

    @Test
    public void backend_failingDuringMerge_losesNothing() {
        count(20);
        PlainBackend newcomer = new PlainBackend();
        newcomer.inc("ns", "k1", 100, 0);
        newcomer.inc("ns", "own", 100, 0);
        newcomer.before = PlainBackend.Fault.throwing(IllegalStateException::new, "get");
        BackendHandle bound = registry.bind(newcomer, "newcomer");
        newcomer.recover();
        namespace.inc("k1");
        registry.unbind(bound);
        assertEquals(103, namespace.get("k1").getAsLong());
        assertEquals(100, namespace.get("own").orElse(0));
    }

    /** While a part of a counter is unreachable, the counter cannot be set as a whole. */
    @Test
    public void set_withUnreachablePart_isAllOrNothing() {
        count(20);
        PlainBackend newcomer = new PlainBackend();
        newcomer.inc("ns", "k1", 100, 0);
        newcomer.before = PlainBackend.Fault.throwing(IllegalStateException::new, "get");
        registry.bind(newcomer, "newcomer");
        long expected;
        try {
            expected = namespace.set("k1", 5);
        } catch (BackendUnavailableException e) {
            expected = 102; // rejected: the sum of both parts
        }
        newcomer.recover();
        registry.reconcile();
        assertEquals(expected, namespace.get("k1").orElse(0));
    }

    /** A failed merge is retried at every reconciliation; the backend need not be rebound. */
    @Test
    public void counters_afterFailedMerge_areMergedLater() {
        count(20);
        PlainBackend newcomer = new PlainBackend();
        newcomer.inc("ns", "k1", 100, 0);
        newcomer.before = PlainBackend.Fault.throwing(IllegalStateException::new, "get");
        registry.bind(newcomer, "newcomer");
        newcomer.recover();
        registry.reconcile();
        assertTrue(registry.namespace("ns").placement().isSettled());
        assertEquals(102, namespace.get("k1").getAsLong());
        assertEquals(MoveDTO.Outcome.MOVED, registry.lastMove().outcome);
        assertEquals("100", registry.lastMove().sum);
    }

    @Test
    public void counters_ofNewBackend_areMergedOnce() {
        count(3);
        PlainBackend newcomer = new PlainBackend();
        newcomer.inc("ns", "k1", 100, 0);
        newcomer.inc("ns", "own", 100, 0);
        newcomer.inc("unknown", "k", 100, 0);
        BackendHandle bound = registry.bind(newcomer, "newcomer");
        registry.unbind(bound);
        registry.bind(newcomer, "newcomer");
        assertEquals(Map.of("k0", 1L, "k1", 102L, "k2", 3L, "own", 100L), namespace.getAll());
        assertEquals(Map.of("k", 100L), registry.namespace("unknown").getAll());
    }

    @Test
    public void getAll_fromBackendCall_isRejected() {
        namespace.inc("there");
        placeOnPlain("plain");
        String[] messages = {"", "", ""};
        service.after = (operation, key) -> {
            if (operation.equals("set")) {
                messages[0] = messageOf(() -> registry.namespace("plain").getAll());
                messages[1] = messageOf(() -> registry.namespace("plain").drain());
                messages[2] = messageOf(() -> registry.namespace("ns").set("x", 1));
            }
        };
        registry.namespace("plain").set("k", 1);
        for (String message : messages) {
            assertTrue("was not rejected: " + message, message.contains("must not use counters"));
        }
        service.recover();
        assertEquals(2, registry.namespace("plain").inc("k"));
        assertEquals(1, namespace.inc("x"));
    }

    private static String messageOf(Runnable call) {
        try {
            call.run();
            return "";
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    @Test
    public void inc_fromBackendCall_isRejected() {
        placeOnPlain("ns");
        service.before = (operation, key) -> {
            if (operation.equals("inc")) {
                namespace.inc("other");
            }
        };
        BackendUnavailableException e = assertThrows(BackendUnavailableException.class, () -> namespace.inc("k"));
        assertTrue(e.getCause() instanceof IllegalStateException);
        service.recover();
        assertEquals(1, namespace.inc("k"));
        assertEquals(1, namespace.inc("other"));
    }

    /** A backend that returns null instead of a value or map has failed. */
    @Test
    public void backend_returningNull_isUnavailable() {
        PlainBackend sloppy = new PlainBackend();
        registry.bind(
                (CounterBackend) Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {CounterBackend.class},
                        (proxy, method, arguments) -> switch (method.getName()) {
                            case "get", "getAll", "compareAndSwap" -> null;
                            case "hashCode" -> 1;
                            default -> method.invoke(sloppy, arguments);
                        }),
                "null");
        registry.route("ns", "(counterex.backend=null)");
        assertEquals(1, namespace.inc("k"));
        assertThrows(BackendUnavailableException.class, () -> namespace.get("k"));
        assertThrows(BackendUnavailableException.class, () -> namespace.compareAndSwap("k", 0, 1));
        assertThrows(BackendUnavailableException.class, namespace::getAll);
        assertThrows(BackendUnavailableException.class, namespace::drain);
    }
}
