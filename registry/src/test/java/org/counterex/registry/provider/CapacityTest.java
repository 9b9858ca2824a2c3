package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterNamespace;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.MoveDTO;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.placement.Placement;
import org.junit.After;
import org.junit.Test;

/** Targets that cannot hold everything: a move is refused before it begins, or undone, and no count is dropped. */
public class CapacityTest {

    private final TestRegistry world = new TestRegistry();
    private final BackendHandle table = world.bind(new MapBackend("table"), "ets");
    private final BoundedBackend tight = new BoundedBackend("tight", 10, true);
    private final BackendHandle bounded = world.bind(tight, "bounded");
    private final BackendHandle unsigned = world.bind(new BoundedBackend("unsigned", 100, false), "unsigned");
    private final CounterNamespace namespace = world.namespace("ns");
    private final Map<String, Long> counters = new HashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean done = new AtomicBoolean();

    @After
    public void close() {
        done.set(true);
        threads.shutdownNow();
        world.close();
    }

    private void count(int keys) {
        for (int k = 0; k < keys; k++) {
            counters.put("k" + k, namespace.inc("k" + k, k + 1));
        }
    }

    @Test
    public void swap_toATargetThatIsTooSmall_isRefusedAndChangesNothing() {
        count(11);
        Placement before = world.namespace("ns").placement();
        MoveRefusedException e = assertThrows(MoveRefusedException.class, () -> world.swap("ns", bounded));
        assertEquals(
                "move is refused: namespace=ns to=bounded/bounded reason=it holds 10 counters, there are 11",
                e.getMessage());
        assertEquals(MoveDTO.Outcome.REFUSED, world.lastMove().outcome);
        assertEquals(0, world.lastMove().counters);
        assertEquals(before, world.namespace("ns").placement());
        assertEquals(counters, namespace.getAll());
        namespace.delete("k0");
        assertEquals(MoveDTO.Outcome.MOVED, world.swap("ns", bounded).outcome);
        counters.remove("k0");
        assertEquals(counters, namespace.getAll());
        assertThrows(CapacityExceededException.class, () -> namespace.inc("new"));
        assertEquals(3, namespace.inc("k1"));
        namespace.delete("k2");
        assertEquals(1, namespace.inc("new"));
    }

    @Test
    public void refusedMoves_underWriters_loseNothingAndDisturbNobody() throws Exception {
        count(11);
        try (Writers writers = new Writers(world.namespace("busy"), 3, 11)) {
            writers.awaitCalls(1_000);
            for (int i = 0; i < 200; i++) {
                assertThrows(MoveRefusedException.class, () -> world.swap("busy", bounded));
            }
            writers.stopAndCheck();
        }
    }

    /** Room is reserved for what is there; new keys that race with the move get the rest, and no more. */
    @Test
    public void newKeys_racingWithAMove_getOnlyTheRest() throws Exception {
        CounterNamespace other = world.namespace("other");
        for (int round = 0; round < 100; round++) {
            for (int k = 0; k < 8; k++) {
                other.inc("k" + k);
            }
            AtomicBoolean over = new AtomicBoolean();
            Future<Integer> births = threads.submit(() -> {
                int born = 0;
                for (int k = 0; !over.get() || k == 0; k++) {
                    try {
                        other.inc("new" + k);
                        born++;
                        if (k % 3 != 0) {
                            other.delete("new" + k);
                            born--;
                        }
                    } catch (CapacityExceededException e) {
                        break;
                    }
                }
                return born;
            });
            MoveDTO.Outcome outcome;
            try {
                outcome = world.swap("other", bounded).outcome;
            } catch (MoveRefusedException e) {
                outcome = MoveDTO.Outcome.REFUSED;
            }
            over.set(true);
            int born = births.get(10, TimeUnit.SECONDS);
            assertEquals(8 + born, other.getAll().size());
            if (outcome == MoveDTO.Outcome.MOVED) {
                assertTrue("more than it holds: " + born, born <= 2);
                // Nothing stays reserved for counters that never came.
                while (other.getAll().size() < 10) {
                    other.inc("fill" + other.getAll().size());
                }
                assertThrows(CapacityExceededException.class, () -> other.inc("overfull"));
            }
            world.swap("other", table);
            other.deleteAll();
        }
    }

    /** Room is reserved for all that a new backend came with; what was there already did not need it. */
    @Test
    public void roomThatWasNotNeeded_isGivenBack() {
        world.route("ns", "(counterex.backend=bounded)");
        count(8);
        PlainBackend newcomer = new PlainBackend();
        newcomer.inc("ns", "k0", 10, 0);
        newcomer.inc("ns", "k1", 10, 0);
        world.bind(newcomer, "newcomer");
        assertEquals("bounded/bounded", world.home("ns"));
        assertEquals(11, namespace.get("k0").getAsLong());
        namespace.inc("new");
        namespace.inc("newer");
        assertThrows(CapacityExceededException.class, () -> namespace.inc("newest"));
    }

    @Test
    public void countersOfALeavingBackend_goToTheFirstThatHoldsThem() {
        world.route("ns", "(counterex.backend=bounded)");
        count(10);
        BackendHandle small = world.bind(new BoundedBackend("small", 9, true), "small", "counterex.namespaces", "n*");
        world.unbind(bounded);
        assertEquals("ets/ets", world.home("ns"));
        assertEquals(counters, namespace.getAll());
        world.unbind(table);
        assertEquals("unsigned/unsigned", world.home("ns"));
        namespace.inc("k0", 0);
        world.unbind(unsigned);
        assertEquals("parking", world.home("ns"));
        assertEquals(counters, namespace.getAll());
        namespace.delete("k9");
        counters.remove("k9");
        world.settle();
        assertEquals("small/small", world.home("ns"));
        assertEquals(counters, namespace.getAll());
        world.unbind(small);
        assertEquals(counters, namespace.getAll());
    }

    @Test
    public void target_thatFailsToMakeATable_isRefusedAndTheNextOneIsTaken() {
        for (Throwable failure : new Throwable[] {
            new IllegalStateException(),
            new OutOfMemoryError("as large as it is configured"),
            new NoClassDefFoundError()
        }) {
            MapBackend source = new MapBackend("source");
            String name = failure.getClass().getSimpleName();
            BackendHandle leaving = world.bind(source, "source");
            BackendHandle broken = world.bind(new BrokenBackend(failure), "broken");
            world.route(name, "(counterex.backend=source)");
            CounterNamespace last = world.namespace(name);
            last.inc("k", 5);
            world.route(name, "(|(counterex.backend=source)(counterex.backend=broken))");
            assertThrows(MoveRefusedException.class, () -> world.swap(name, broken));
            world.unbind(leaving);
            assertEquals("ets/ets", world.home(name));
            assertEquals(6, last.inc("k"));
            world.unbind(broken);
        }
    }

    @Test
    public void newNamespace_whoseBackendFailsToMakeATable_isBornElsewhere() {
        world.bind(new BrokenBackend(new OutOfMemoryError("as large as it is configured")), "broken");
        world.route("born", "(counterex.backend=broken)");
        assertEquals(1, world.namespace("born").inc("k"));
    }

    /** An exception without a message ends a move as well as one that has one. */
    @Test
    public void target_thatFailsToTakeACounter_givesEverythingBack() throws Exception {
        world.route("ns", "(counterex.backend=ets)");
        count(5);
        for (Throwable failure : new Throwable[] {new UnsupportedOperationException(), new OutOfMemoryError()}) {
            tight.failure = failure;
            Future<?> swap = threads.submit(() -> world.swap("ns", bounded));
            Exception e = assertThrows(ExecutionException.class, () -> swap.get(5, TimeUnit.SECONDS));
            assertEquals(MoveRefusedException.class, e.getCause().getClass());
            assertEquals(MoveDTO.Outcome.UNDONE, world.lastMove().outcome);
            String reason = world.lastMove().reason;
            assertTrue(reason, reason.contains(failure.getClass().getSimpleName()));
            assertEquals(counters, namespace.getAll());
            assertEquals("ets/ets", world.home("ns"));
            tight.failure = null;
        }
        assertEquals(MoveDTO.Outcome.MOVED, world.swap("ns", bounded).outcome);
    }

    @Test
    public void wornTables_areRenewedWhileWritersChurn() throws Exception {
        CounterNamespace churned = world.namespace("churned");
        world.route("churned", "(counterex.backend=bounded)");
        churned.inc("stays", 7);
        Future<?>[] churning = new Future<?>[3];
        for (int t = 0; t < churning.length; t++) {
            int thread = t;
            churning[t] = threads.submit(() -> {
                for (int i = 0; i < 3_000; i++) {
                    assertEquals(i + 1, churned.inc("k" + thread, 1, i));
                    churned.delete("k" + thread);
                }
            });
        }
        for (Future<?> thread : churning) {
            thread.get(30, TimeUnit.SECONDS);
        }
        assertEquals(Map.of("stays", 7L), churned.getAll());
        assertEquals("bounded/bounded", world.home("churned"));
    }

    /** A table may be worn out as soon as a namespace has moved there: the move is done all the same. */
    @Test
    public void swap_toATableThatWearsOutAtOnce_isRecordedAsMoved() {
        Namespace churned = world.namespace("churned");
        churned.inc("stays", 7);
        tight.whenSettled = () -> {
            tight.whenSettled = () -> {};
            while (churned.placement().isSettled()) {
                churned.inc("k");
                churned.delete("k");
            }
        };
        assertEquals(MoveDTO.Outcome.MOVED, world.swap("churned", bounded).outcome);
        assertEquals(Map.of("stays", 7L), churned.getAll());
        world.settle();
        assertTrue(churned.placement().isSettled());
    }

    @Test
    public void negativeValue_keepsANamespaceOffAnUnsignedTarget() {
        namespace.set("k", -1);
        MoveRefusedException e = assertThrows(MoveRefusedException.class, () -> world.swap("ns", unsigned));
        assertTrue(e.getMessage(), e.getMessage().endsWith("it holds no value below 0: key=k value=-1"));
        assertEquals(-1, namespace.get("k").getAsLong());
        namespace.inc("k");
        world.swap("ns", unsigned);
        assertThrows(CounterOverflowException.class, () -> namespace.inc("k", -1));
        assertEquals(0, namespace.get("k").getAsLong());
    }

    @Test
    public void negativeValue_inAPlainBackend_keepsANamespaceOffAnUnsignedTarget() {
        PlainBackend service = new PlainBackend();
        world.bind(service, "plain");
        world.route("ns", "(counterex.backend=plain)");
        namespace.set("a", 1);
        namespace.set("k", -1);
        assertThrows(MoveRefusedException.class, () -> world.swap("ns", unsigned));
        assertEquals(Map.of("a", 1L, "k", -1L), namespace.getAll());
        assertFalse(world.home("ns").equals("unsigned/unsigned"));
    }

    /** Decrements race with the move: whether it goes through or is undone, nobody is refused on the old home's account. */
    @Test
    public void decrements_racingWithAMoveToAnUnsignedTarget_areExact() throws Exception {
        CounterNamespace racy = world.namespace("racy");
        for (int round = 0; round < 100; round++) {
            racy.set("k", 50);
            for (int k = 0; k < 20; k++) {
                racy.set("ballast" + k, 1);
            }
            Future<Integer> falling = threads.submit(() -> {
                int refused = 0;
                for (int i = 0; i < 100; i++) {
                    try {
                        racy.inc("k", -1);
                    } catch (CounterOverflowException e) {
                        refused++;
                    }
                }
                return refused;
            });
            MoveDTO.Outcome outcome;
            try {
                outcome = world.swap("racy", unsigned).outcome;
            } catch (MoveRefusedException e) {
                outcome = world.lastMove().outcome;
            }
            int refused = falling.get(10, TimeUnit.SECONDS);
            assertEquals(50 - 100 + refused, racy.get("k").getAsLong());
            assertEquals("after " + outcome, 21, racy.getAll().size());
            assertTrue(world.namespace("racy").placement().isSettled());
            if (racy.get("k").getAsLong() < 0) {
                assertEquals("ets/ets", world.home("racy"));
            } else {
                world.swap("racy", table);
            }
        }
    }
}
