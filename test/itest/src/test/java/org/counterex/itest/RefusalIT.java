package org.counterex.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.MoveDTO;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Namespaces that do not fit their target backend: they stay, or are parked if they cannot stay. */
public class RefusalIT extends CountingTest {

    private static final String ATOMICS = "org.counterex.backend.atomics";

    /** A capacity that suffices for every namespace of the writers, but not for {@code many}. */
    private static final int SMALL = 16;

    private boolean isExpected(MoveDTO move) {
        return move.namespace.equals("many") && move.reason.equals("capacity exceeded: capacity=16 counters=20")
                || move.namespace.equals("quiet")
                        && move.reason.equals("value below 0 is not supported: key=below value=-3");
    }

    @Override
    boolean mayBeRefused(MoveDTO move) {
        return isExpected(move);
    }

    @Before
    public void create20Counters() {
        set("many", IntStream.range(0, 20).boxed().collect(Collectors.toMap(i -> "k" + i, Long::valueOf)));
    }

    @After
    public void startAllBackends() throws Exception {
        platform.deleteConfiguration(ATOMICS);
        awaitBackend(
                backend -> backend.name.equals("atomics") && Long.valueOf(1000).equals(backend.capacity));
        platform.bundle("org.counterex.backend.ets").start();
        platform.bundle("org.counterex.backend.counters").start();
    }

    private void shrinkAtomics() throws Exception {
        platform.configure(ATOMICS, Map.of("capacity", SMALL));
        awaitBackend(
                backend -> backend.name.equals("atomics") && Long.valueOf(SMALL).equals(backend.capacity));
    }

    @Test
    public void move_toTooSmallBackend_isRefused() throws Exception {
        shrinkAtomics();
        countersAreExactWhile(
                () -> assertTrue(registry().route("*", "(counterex.backend=atomics)").stream()
                        .anyMatch(this::isExpected)),
                () -> {
                    MoveRefusedException e = assertThrows(
                            MoveRefusedException.class, () -> registry().swap("many", "atomics"));
                    assertEquals("atomics/atomics", e.target());
                },
                () -> registry().unroute("*"));
    }

    @Test
    public void swap_ofNegativeToUnsigned_isRefused() throws Exception {
        platform.configure(ATOMICS, Map.of("signed", "false"));
        awaitBackend(backend -> "false".equals(backend.details.get("signed")));
        countersAreExactWhile(
                () -> assertThrows(MoveRefusedException.class, () -> registry().swap("quiet", "atomics")),
                () -> assertEquals(MoveDTO.Outcome.MOVED, registry().swap("quiet", "counters").outcome),
                () -> registry().unroute("quiet"));
    }

    @Test
    public void backend_leavingWithoutRoomElsewhere_parksCounters() throws Exception {
        shrinkAtomics();
        platform.bundle("org.counterex.backend.counters").stop();
        AuditTrail trail = countersAreExactWhile(
                () -> platform.bundle("org.counterex.backend.ets").stop(),
                () -> platform.bundle("org.counterex.backend.ets").start());
        assertTrue(trail.moves("many").stream().anyMatch(move -> move.to.equals("parking")));
    }
}
