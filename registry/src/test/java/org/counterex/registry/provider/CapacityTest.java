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
import org.junit.Rule;
import org.junit.Test;

/** Targets with too little capacity: a move is refused before it begins, or undone, and no count is lost. */
public class CapacityTest {

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final BackendHandle table = registry.bind(new MapBackend("table"), "ets");
    private final BoundedBackend tight = new BoundedBackend("tight", 10, true);
    private final BackendHandle bounded = registry.bind(tight, "bounded");
    private final BackendHandle unsigned = registry.bind(new BoundedBackend("unsigned", 100, false), "unsigned");
    private final CounterNamespace namespace = registry.namespace("ns");
    private final Map<String, Long> counters = new HashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean done = new AtomicBoolean();

    @After
    public void close() {
        done.set(true);
        threads.shutdownNow();
    }

    private void count(int keys) {
        for (int k = 0; k < keys; k++) {
            counters.put("k" + k, namespace.inc("k" + k, k + 1));
        }
    }

    @Test
    public void swap_toSmallTarget_isRefusedWithoutEffect() {
        count(11);
        Placement before = registry.namespace("ns").placement();
        MoveRefusedException e = assertThrows(MoveRefusedException.class, () -> registry.swap("ns", bounded));
        assertEquals(
                "move is refused: namespace=ns to=bounded/bounded reason=capacity exceeded: capacity=10 counters=11",
                e.getMessage());
        assertEquals(MoveDTO.Outcome.REFUSED, registry.lastMove().outcome);
        assertEquals(0, registry.lastMove().counters);
        assertEquals(before, registry.namespace("ns").placement());
        assertEquals(counters, namespace.getAll());
        namespace.delete("k0");
        assertEquals(MoveDTO.Outcome.MOVED, registry.swap("ns", bounded).outcome);
        counters.remove("k0");
        assertEquals(counters, namespace.getAll());
        assertThrows(CapacityExceededException.class, () -> namespace.inc("new"));
        assertEquals(3, namespace.inc("k1"));
        namespace.delete("k2");
        assertEquals(1, namespace.inc("new"));
    }

    @Test
    public void refusedMoves_underWriters_loseNothing() throws Exception {
        count(11);
        try (Writers writers = new Writers(registry.namespace("busy"), 3, 11)) {
            writers.awaitCalls(1_000);
            for (int i = 0; i < 200; i++) {
                assertThrows(MoveRefusedException.class, () -> registry.swap("busy", bounded));
            }
            writers.stopAndCheck();
        }
    }

    /**
     * A move reserves room for the existing counters; new keys that race with it get the remaining room, and no more.
     */
    @Test
    public void newKeys_racingWithMove_getRemainingCapacity() throws Exception {
        CounterNamespace other = registry.namespace("other");
        for (int round = 0; round < 100; round++) {
            for (int k = 0; k < 8; k++) {
                other.inc("k" + k);
            }
            AtomicBoolean over = new AtomicBoolean();
            Future<Integer> creator = threads.submit(() -> {
                int created = 0;
                for (int k = 0; !over.get() || k == 0; k++) {
                    try {
                        other.inc("new" + k);
                        created++;
                        if (k % 3 != 0) {
                            other.delete("new" + k);
                            created--;
                        }
                    } catch (CapacityExceededException e) {
                        break;
                    }
                }
                return created;
            });
            MoveDTO.Outcome outcome;
            try {
                outcome = registry.swap("other", bounded).outcome;
            } catch (MoveRefusedException e) {
                outcome = MoveDTO.Outcome.REFUSED;
            }
            over.set(true);
            int created = creator.get(10, TimeUnit.SECONDS);
            assertEquals(8 + created, other.getAll().size());
            if (outcome == MoveDTO.Outcome.MOVED) {
                assertTrue("exceeds the capacity: " + created, created <= 2);
                // No room stays reserved for counters that were not created.
                while (other.getAll().size() < 10) {
                    other.inc("fill" + other.getAll().size());
                }
                assertThrows(CapacityExceededException.class, () -> other.inc("overfull"));
            }
            registry.swap("other", table);
            other.deleteAll();
        }
    }

    /** Room is reserved for every counter of a new backend, and released for those that exist already. */
    @Test
    public void unusedReservation_isReleased() {
        registry.route("ns", "(counterex.backend=bounded)");
        count(8);
        PlainBackend newcomer = new PlainBackend();
        newcomer.inc("ns", "k0", 10, 0);
        newcomer.inc("ns", "k1", 10, 0);
        registry.bind(newcomer, "newcomer");
        assertEquals("bounded/bounded", registry.storeOf("ns"));
        assertEquals(11, namespace.get("k0").getAsLong());
        namespace.inc("new");
        namespace.inc("newer");
        assertThrows(CapacityExceededException.class, () -> namespace.inc("newest"));
    }

    @Test
    public void departure_withSmallCandidates_usesFirstThatFits() {
        registry.route("ns", "(counterex.backend=bounded)");
        count(10);
        BackendHandle small =
                registry.bind(new BoundedBackend("small", 9, true), "small", "counterex.namespaces", "n*");
        registry.unbind(bounded);
        assertEquals("ets/ets", registry.storeOf("ns"));
        assertEquals(counters, namespace.getAll());
        registry.unbind(table);
        assertEquals("unsigned/unsigned", registry.storeOf("ns"));
        namespace.inc("k0", 0);
        registry.unbind(unsigned);
        assertEquals("parking", registry.storeOf("ns"));
        assertEquals(counters, namespace.getAll());
        namespace.delete("k9");
        counters.remove("k9");
        registry.reconcile();
        assertEquals("small/small", registry.storeOf("ns"));
        assertEquals(counters, namespace.getAll());
        registry.unbind(small);
        assertEquals(counters, namespace.getAll());
    }

    @Test
    public void target_failingToCreateTable_isSkipped() {
        for (Throwable failure : new Throwable[] {
            new IllegalStateException(),
            new OutOfMemoryError("as large as it is configured"),
            new NoClassDefFoundError()
        }) {
            MapBackend source = new MapBackend("source");
            String name = failure.getClass().getSimpleName();
            BackendHandle leaving = registry.bind(source, "source");
            BackendHandle broken = registry.bind(new BrokenBackend(failure), "broken");
            registry.route(name, "(counterex.backend=source)");
            CounterNamespace last = registry.namespace(name);
            last.inc("k", 5);
            registry.route(name, "(|(counterex.backend=source)(counterex.backend=broken))");
            assertThrows(MoveRefusedException.class, () -> registry.swap(name, broken));
            registry.unbind(leaving);
            assertEquals("ets/ets", registry.storeOf(name));
            assertEquals(6, last.inc("k"));
            registry.unbind(broken);
        }
    }

    @Test
    public void newNamespace_onTableFailure_isPlacedElsewhere() {
        registry.bind(new BrokenBackend(new OutOfMemoryError("as large as it is configured")), "broken");
        registry.route("new", "(counterex.backend=broken)");
        assertEquals(1, registry.namespace("new").inc("k"));
    }

    /** An exception without a message ends a move like any other. */
    @Test
    public void target_failingToInsert_isRolledBack() throws Exception {
        registry.route("ns", "(counterex.backend=ets)");
        count(5);
        for (Throwable failure : new Throwable[] {new UnsupportedOperationException(), new OutOfMemoryError()}) {
            tight.failure = failure;
            Future<?> swap = threads.submit(() -> registry.swap("ns", bounded));
            Exception e = assertThrows(ExecutionException.class, () -> swap.get(5, TimeUnit.SECONDS));
            assertEquals(MoveRefusedException.class, e.getCause().getClass());
            assertEquals(MoveDTO.Outcome.UNDONE, registry.lastMove().outcome);
            String reason = registry.lastMove().reason;
            assertTrue(reason, reason.contains(failure.getClass().getSimpleName()));
            assertEquals(counters, namespace.getAll());
            assertEquals("ets/ets", registry.storeOf("ns"));
            tight.failure = null;
        }
        assertEquals(MoveDTO.Outcome.MOVED, registry.swap("ns", bounded).outcome);
    }

    @Test
    public void exhaustedTable_underWriters_isReplaced() throws Exception {
        CounterNamespace churned = registry.namespace("churned");
        registry.route("churned", "(counterex.backend=bounded)");
        churned.inc("stays", 7);
        Future<?>[] writers = new Future<?>[3];
        for (int t = 0; t < writers.length; t++) {
            int thread = t;
            writers[t] = threads.submit(() -> {
                for (int i = 0; i < 3_000; i++) {
                    assertEquals(i + 1, churned.inc("k" + thread, 1, i));
                    churned.delete("k" + thread);
                }
            });
        }
        for (Future<?> thread : writers) {
            thread.get(30, TimeUnit.SECONDS);
        }
        assertEquals(Map.of("stays", 7L), churned.getAll());
        assertEquals("bounded/bounded", registry.storeOf("churned"));
    }

    /** A table may be exhausted as soon as a namespace has moved to it: the move is nevertheless recorded as moved. */
    @Test
    public void swap_toTableExhaustedAtOnce_isMoved() {
        Namespace churned = registry.namespace("churned");
        churned.inc("stays", 7);
        tight.onSlotsReleased = () -> {
            tight.onSlotsReleased = () -> {};
            while (churned.placement().isSettled()) {
                churned.inc("k");
                churned.delete("k");
            }
        };
        assertEquals(MoveDTO.Outcome.MOVED, registry.swap("churned", bounded).outcome);
        assertEquals(Map.of("stays", 7L), churned.getAll());
        registry.reconcile();
        assertTrue(churned.placement().isSettled());
    }

    @Test
    public void negativeValue_movedToUnsigned_isRefused() {
        namespace.set("k", -1);
        MoveRefusedException e = assertThrows(MoveRefusedException.class, () -> registry.swap("ns", unsigned));
        assertTrue(e.getMessage(), e.getMessage().endsWith("value below 0 is not supported: key=k value=-1"));
        assertEquals(-1, namespace.get("k").getAsLong());
        namespace.inc("k");
        registry.swap("ns", unsigned);
        assertThrows(CounterOverflowException.class, () -> namespace.inc("k", -1));
        assertEquals(0, namespace.get("k").getAsLong());
    }

    @Test
    public void negativeValue_inPlainBackend_isRefusedByUnsigned() {
        PlainBackend service = new PlainBackend();
        registry.bind(service, "plain");
        registry.route("ns", "(counterex.backend=plain)");
        namespace.set("a", 1);
        namespace.set("k", -1);
        assertThrows(MoveRefusedException.class, () -> registry.swap("ns", unsigned));
        assertEquals(Map.of("a", 1L, "k", -1L), namespace.getAll());
        assertFalse(registry.storeOf("ns").equals("unsigned/unsigned"));
    }

    /**
     * Decrements race with the move: whether it succeeds or is undone, none is rejected because of the range of the
     * other store.
     */
    @Test
    public void decrements_racingWithMoveToUnsigned_areExact() throws Exception {
        CounterNamespace racy = registry.namespace("racy");
        for (int round = 0; round < 100; round++) {
            racy.set("k", 50);
            for (int k = 0; k < 20; k++) {
                racy.set("ballast" + k, 1);
            }
            Future<Integer> decrements = threads.submit(() -> {
                int rejected = 0;
                for (int i = 0; i < 100; i++) {
                    try {
                        racy.inc("k", -1);
                    } catch (CounterOverflowException e) {
                        rejected++;
                    }
                }
                return rejected;
            });
            MoveDTO.Outcome outcome;
            try {
                outcome = registry.swap("racy", unsigned).outcome;
            } catch (MoveRefusedException e) {
                outcome = registry.lastMove().outcome;
            }
            int rejected = decrements.get(10, TimeUnit.SECONDS);
            assertEquals(50 - 100 + rejected, racy.get("k").getAsLong());
            assertEquals("after " + outcome, 21, racy.getAll().size());
            assertTrue(registry.namespace("racy").placement().isSettled());
            if (racy.get("k").getAsLong() < 0) {
                assertEquals("ets/ets", registry.storeOf("racy"));
            } else {
                registry.swap("racy", table);
            }
        }
    }
}
