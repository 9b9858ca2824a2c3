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
import org.junit.Test;

/** Backends without tables that answer calls with exceptions, at every step of a move. */
public class FailingBackendTest {

    private final TestRegistry world = new TestRegistry();
    private final PlainBackend service = new PlainBackend();
    private final BackendHandle table = world.bind(new MapBackend("table"), "ets");
    private final BackendHandle plain = world.bind(service, "plain");
    private final CounterNamespace namespace = world.namespace("ns");
    private final Map<String, Long> counters = new HashMap<>();

    @After
    public void close() {
        service.recover();
        world.close();
    }

    private void bornOnPlain(String name) {
        world.route(name, "(counterex.backend=plain)");
    }

    private void count(int keys) {
        for (int k = 0; k < keys; k++) {
            counters.put("k" + k, namespace.inc("k" + k, k + 1));
        }
    }

    @Test
    public void operation_thatFails_saysWhetherItMayHaveBeenApplied() {
        bornOnPlain("ns");
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
    public void operation_thatIsRefused_passesTheRefusalOn() {
        bornOnPlain("ns");
        CapacityExceededException refusal = new CapacityExceededException("ns", "k", 0);
        service.before = PlainBackend.Fault.throwing(() -> refusal, "inc");
        assertSame(refusal, assertThrows(CapacityExceededException.class, () -> namespace.inc("k")));
    }

    @Test
    public void drain_thatFailsHalfWay_returnsWhatItTook() {
        count(20);
        world.swap("ns", plain);
        service.before = PlainBackend.Fault.onKey("k7", "get");
        Map<String, Long> taken = namespace.drain();
        service.recover();
        Map<String, Long> together = new HashMap<>(namespace.getAll());
        taken.forEach((key, value) -> together.merge(key, value, Long::sum));
        assertEquals(counters, together);
    }

    @Test
    public void target_thatFailsInTheMiddleOfAMove_givesEverythingBack() {
        count(40);
        for (String operation : new String[] {"set", "getAll"}) {
            service.before = PlainBackend.Fault.throwing(() -> new IllegalStateException("disk on fire"), operation);
            assertRefused("ns");
            assertEquals(operation, counters, namespace.getAll());
            assertEquals(operation, "ets/ets", world.home("ns"));
            service.recover();
        }
        service.before = PlainBackend.Fault.onKey("k7", "set");
        assertRefused("ns");
        assertEquals(counters, namespace.getAll());
        service.recover();
        assertEquals(counters, namespace.getAll());
        assertEquals("ets/ets", world.home("ns"));
        assertTrue(service.held("ns").isEmpty());
        assertEquals(MoveDTO.Outcome.MOVED, world.swap("ns", plain).outcome);
        assertEquals(counters, namespace.getAll());
        assertEquals(counters, service.held("ns"));
    }

    /** It cannot read one counter: whether the move goes through or not, nothing that is elsewhere is out of reach. */
    @Test
    public void target_thatFailsToReadACounter_doesNotHideItFromCallers() {
        count(40);
        service.before = PlainBackend.Fault.onKey("k7", "get");
        try {
            world.swap("ns", plain);
        } catch (MoveRefusedException e) {
            assertEquals("ets/ets", world.home("ns"));
            assertEquals(counters, namespace.getAll());
        }
        service.recover();
        assertEquals(counters, namespace.getAll());
    }

    @Test
    public void writers_whileAMoveIsUndone_loseNothing() throws Exception {
        count(40);
        try (Writers writers = new Writers(world.namespace("busy"), 2, 40)) {
            while (world.namespace("busy").get("k7").isEmpty()) {
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
        MoveRefusedException e = assertThrows(MoveRefusedException.class, () -> world.swap(name, plain));
        assertTrue(e.getMessage(), e.getMessage().contains("disk on fire"));
        assertTrue(
                world.lastMove().outcome.text(),
                Set.of(MoveDTO.Outcome.UNDONE, MoveDTO.Outcome.REFUSED).contains(world.lastMove().outcome));
        assertTrue(world.lastMove().reason.contains("disk on fire"));
    }

    /** The call had its effect and then failed: what it left behind must not count. */
    @Test
    public void setThatFails_afterItsEffect_leavesNothingBehind() {
        count(20);
        service.after = PlainBackend.Fault.onKey("k7", "set");
        assertThrows(MoveRefusedException.class, () -> world.swap("ns", plain));
        service.recover();
        assertEquals(counters, namespace.getAll());
        assertEquals(Map.of(), service.held("ns"));
        world.swap("ns", plain);
        assertEquals(counters, namespace.getAll());
    }

    /** The set had its effect and failed, and so does the delete that is to put it right. */
    @Test
    public void setAndDeleteThatFail_leaveSomethingThatDoesNotCount() {
        count(20);
        service.after = PlainBackend.Fault.onKey("k7", "set");
        service.before = PlainBackend.Fault.onKey("k7", "delete");
        assertThrows(MoveRefusedException.class, () -> world.swap("ns", plain));
        assertEquals(counters, namespace.getAll());
        assertThrows(MoveRefusedException.class, () -> world.swap("ns", plain));
        service.recover();
        world.settle();
        namespace.delete("k7");
        assertEquals(MoveDTO.Outcome.MOVED, world.swap("ns", plain).outcome);
        counters.remove("k7");
        assertEquals(counters, namespace.getAll());
    }

    @Test
    public void deleteThatFails_onHandOver_countsOnce() {
        count(20);
        world.swap("ns", plain);
        service.before = PlainBackend.Fault.onKey("k7", "delete");
        assertEquals(MoveDTO.Outcome.MOVED, world.swap("ns", table).outcome);
        assertEquals(counters, namespace.getAll());
        assertEquals(Map.of("k7", 8L), service.held("ns"));
        assertEquals(9, namespace.inc("k7"));
        world.settle();
        assertEquals(9, namespace.get("k7").getAsLong());
    }

    @Test
    public void backend_thatFailsToDelete_isNoTargetUntilItHasDeleted() {
        count(20);
        world.swap("ns", plain);
        service.before = PlainBackend.Fault.onKey("k7", "delete");
        world.swap("ns", table);
        world.route("*", "(counterex.backend=plain)");
        assertEquals("ets/ets", world.home("ns"));
        MoveRefusedException e = assertThrows(MoveRefusedException.class, () -> world.swap("ns", plain));
        assertTrue(e.getMessage(), e.getMessage().contains("delete"));
        namespace.delete("k7");
        service.recover();
        world.settle();
        assertEquals("plain/plain", world.home("ns"));
        assertEquals(1, namespace.inc("k7"));
    }

    /** What a backend failed to delete was handed over: it does not count again when the same service is bound again. */
    @Test
    public void backend_thatFailedToDelete_andIsBoundAgain_countsOnce() {
        count(20);
        world.swap("ns", plain);
        service.before = PlainBackend.Fault.onKey("k7", "delete");
        world.unbind(plain);
        assertEquals(counters, namespace.getAll());
        service.recover();
        world.bind(service, "plain");
        assertEquals(counters, namespace.getAll());
    }

    @Test
    public void backend_thatFailsOnOneKey_leavesAllOthersBehindWhenItGoes() {
        count(40);
        world.swap("ns", plain);
        service.before = PlainBackend.Fault.onKey("k7", "get");
        world.unbind(plain);
        counters.remove("k7");
        Map<String, Long> all = namespace.getAll();
        all.remove("k7");
        assertEquals(counters, all);
        world.settle();
        assertEquals(
                List.of(MoveDTO.Outcome.ABANDONED),
                world.audit.moves().stream()
                        .filter(move -> move.from.equals("plain/plain"))
                        .map(move -> move.outcome)
                        .filter(outcome -> outcome != MoveDTO.Outcome.UNDONE)
                        .toList());
        assertEquals(1, namespace.inc("k7"));
    }

    @Test
    public void backend_thatFailedForAWhile_whileItsCountersWereTakenUp_losesNothing() {
        count(20);
        PlainBackend newcomer = new PlainBackend();
        newcomer.inc("ns", "k1", 100, 0);
        newcomer.inc("ns", "own", 100, 0);
        newcomer.before = PlainBackend.Fault.throwing(IllegalStateException::new, "get");
        BackendHandle bound = world.bind(newcomer, "newcomer");
        newcomer.recover();
        namespace.inc("k1");
        world.unbind(bound);
        assertEquals(103, namespace.get("k1").getAsLong());
        assertEquals(100, namespace.get("own").orElse(0));
    }

    /** As long as a part of a counter is out of reach, nobody can be told that all of it was given a value. */
    @Test
    public void set_whileAPartCannotBeReached_doesNotSetTheOtherAlone() {
        count(20);
        PlainBackend newcomer = new PlainBackend();
        newcomer.inc("ns", "k1", 100, 0);
        newcomer.before = PlainBackend.Fault.throwing(IllegalStateException::new, "get");
        world.bind(newcomer, "newcomer");
        long set;
        try {
            set = namespace.set("k1", 5);
        } catch (BackendUnavailableException e) {
            set = 102; // refused, so it has both parts
        }
        newcomer.recover();
        world.settle();
        assertEquals(set, namespace.get("k1").orElse(0));
    }

    /** It need not leave: whenever anything changes, what could not be taken up is tried again. */
    @Test
    public void counters_thatCouldNotBeTakenUp_areTakenUpLater() {
        count(20);
        PlainBackend newcomer = new PlainBackend();
        newcomer.inc("ns", "k1", 100, 0);
        newcomer.before = PlainBackend.Fault.throwing(IllegalStateException::new, "get");
        world.bind(newcomer, "newcomer");
        newcomer.recover();
        world.settle();
        assertTrue(world.namespace("ns").placement().isSettled());
        assertEquals(102, namespace.get("k1").getAsLong());
        assertEquals(MoveDTO.Outcome.MOVED, world.lastMove().outcome);
        assertEquals("100", world.lastMove().sum);
    }

    @Test
    public void countersOfANewBackend_areTakenUpOnce() {
        count(3);
        PlainBackend newcomer = new PlainBackend();
        newcomer.inc("ns", "k1", 100, 0);
        newcomer.inc("ns", "own", 100, 0);
        newcomer.inc("unheard", "k", 100, 0);
        BackendHandle bound = world.bind(newcomer, "newcomer");
        world.unbind(bound);
        world.bind(newcomer, "newcomer");
        assertEquals(Map.of("k0", 1L, "k1", 102L, "k2", 3L, "own", 100L), namespace.getAll());
        assertEquals(Map.of("k", 100L), world.namespace("unheard").getAll());
    }

    @Test
    public void allFromInside_aCall_isRefusedAsEverythingElse() {
        namespace.inc("there");
        bornOnPlain("plain");
        String[] refused = {"", "", ""};
        service.after = (operation, key) -> {
            if (operation.equals("set")) {
                refused[0] = refusal(() -> world.namespace("plain").getAll());
                refused[1] = refusal(() -> world.namespace("plain").drain());
                refused[2] = refusal(() -> world.namespace("ns").set("x", 1));
            }
        };
        world.namespace("plain").set("k", 1);
        for (String message : refused) {
            assertTrue("was not refused: " + message, message.contains("must not count"));
        }
        service.recover();
        assertEquals(2, world.namespace("plain").inc("k"));
        assertEquals(1, namespace.inc("x"));
    }

    private static String refusal(Runnable call) {
        try {
            call.run();
            return "";
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    @Test
    public void countingFromInside_aCall_isRefusedAndNothingElse() {
        bornOnPlain("ns");
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

    /** Null where a value or map is promised is a failure like any other. */
    @Test
    public void backend_thatAnswersNull_isUnavailable() {
        PlainBackend sloppy = new PlainBackend();
        world.bind(
                (CounterBackend) Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {CounterBackend.class},
                        (proxy, method, arguments) -> switch (method.getName()) {
                            case "get", "getAll", "compareAndSwap" -> null;
                            case "hashCode" -> 1;
                            default -> method.invoke(sloppy, arguments);
                        }),
                "null");
        world.route("ns", "(counterex.backend=null)");
        assertEquals(1, namespace.inc("k"));
        assertThrows(BackendUnavailableException.class, () -> namespace.get("k"));
        assertThrows(BackendUnavailableException.class, () -> namespace.compareAndSwap("k", 0, 1));
        assertThrows(BackendUnavailableException.class, namespace::getAll);
        assertThrows(BackendUnavailableException.class, namespace::drain);
    }
}
