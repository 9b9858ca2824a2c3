package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.tck.Rejection;
import org.junit.Rule;
import org.junit.Test;

/** Direct calls of table backends, before and after the registry has bound them. */
public class DirectCallsTest {

    @Rule
    public final TestRegistry registry = new TestRegistry();

    @Test
    public void counters_createdBeforeBind_areKept() {
        CounterBackend ets = RealBackends.ets();
        ets.inc("ns", "k", 5, 0);
        ets.set("default", "d", -1);
        ets.set("empty", "gone", 1);
        ets.delete("empty", "gone");
        registry.bind(ets, "ets");
        assertEquals(Map.of("k", 5L), registry.namespace("ns").getAll());
        assertEquals(6, registry.namespace("ns").inc("k"));
        assertEquals("[default, ns]", registry.counters().namespaces().toString());
        assertEquals("backend was bound with counters", registry.lastMove().reason);
        assertEquals(Map.of("ns", 1L, "default", 1L), ets.info().namespaces());
    }

    @Test
    public void directCalls_afterBind_areReadOnly() {
        CounterBackend ets = RealBackends.ets();
        registry.bind(ets, "ets");
        registry.namespace("ns").set("k", 5);
        for (Runnable call : new Runnable[] {
            () -> ets.inc("ns", "k", 1, 0),
            () -> ets.add("ns", "k", 1),
            () -> ets.set("ns", "new", 1),
            () -> ets.reset("other", "k", 0),
            () -> ets.delete("ns", "k"),
            () -> ets.compareAndSwap("ns", "k", 5, 6),
            () -> ets.drain("ns"),
            () -> ets.deleteNamespace("ns")
        }) {
            Rejection.of(IllegalStateException.class, call::run);
        }
        assertEquals(OptionalLong.of(5), ets.get("ns", "k"));
        assertEquals(OptionalLong.empty(), ets.get("ns", "new"));
        assertEquals(Map.of("k", 5L), ets.getAll("ns"));
        assertEquals(Map.of("ns", 1L), ets.info().namespaces());
    }

    @Test
    public void reservedNumber_inDirectCall_isRejected() {
        CounterBackend ets = RealBackends.ets();
        Rejection.of(IllegalArgumentException.class, () -> ets.set("ns", "k", Long.MIN_VALUE));
        Rejection.of(IllegalArgumentException.class, () -> ets.inc("ns", "k", 1, Long.MIN_VALUE));
        assertEquals(Map.of(), ets.info().namespaces());
    }

    @Test
    public void counters_onBothSides_areMerged() {
        registry.bind(RealBackends.ets(), "ets");
        registry.namespace("ns").set("both", 3);
        registry.namespace("ns").set("here", 1);
        CounterBackend atomics = RealBackends.atomics(10, true);
        atomics.inc("ns", "both", 5, 0);
        atomics.inc("ns", "there", 7, 0);
        registry.bind(atomics, "atomics");
        assertEquals(
                Map.of("both", 8L, "here", 1L, "there", 7L),
                registry.namespace("ns").getAll());
        assertEquals("ets/ets", registry.storeOf("ns"));
        assertEquals(Map.of(), atomics.info().namespaces());
    }

    @Test
    public void counters_exceedingCapacity_moveWhereAllFit() {
        registry.bind(RealBackends.atomics(2, true), "ets");
        registry.namespace("ns").set("a", 1);
        registry.namespace("ns").set("b", 2);
        CounterBackend other = RealBackends.ets();
        other.set("ns", "b", 20);
        other.set("ns", "c", 3);
        registry.bind(other, "other");
        assertEquals(
                Map.of("a", 1L, "b", 22L, "c", 3L), registry.namespace("ns").getAll());
        assertEquals("other/other", registry.storeOf("ns"));
        assertTrue(registry.moveLog.moves().stream().anyMatch(move -> move.to.equals(CounterStore.PARKING)));
    }
}
