package org.counterex.health.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;
import org.junit.Test;

/** The conditions of the health checks, on records as the registry reports them. */
public class ChecksTest {

    private static final long NOW_MS = TimeUnit.DAYS.toMillis(365);

    private static NamespaceDTO namespace(String name, String backend) {
        NamespaceDTO namespace = new NamespaceDTO();
        namespace.namespace = name;
        namespace.backend = backend;
        namespace.counters = 3;
        namespace.reason = "why";
        return namespace;
    }

    private static MoveDTO move(String namespace, MoveDTO.Outcome outcome, long minutesAgo) {
        MoveDTO move = new MoveDTO();
        move.namespace = namespace;
        move.outcome = outcome;
        move.time = NOW_MS - TimeUnit.MINUTES.toMillis(minutesAgo);
        move.reason = "no room";
        return move;
    }

    private static BackendDTO backend(Long capacity, Map<String, Long> namespaces) {
        BackendDTO backend = new BackendDTO();
        backend.type = "atomics";
        backend.name = "a";
        backend.capacity = capacity;
        backend.namespaces = namespaces;
        backend.details = Map.of();
        return backend;
    }

    private static List<String> lines(Result result) {
        List<String> lines = new ArrayList<>();
        for (ResultLog.Entry entry : result) {
            lines.add(entry.getStatus() + " " + entry.getMessage());
        }
        return lines;
    }

    private static Result refused(MoveDTO... moves) {
        return Checks.refusedMoves(List.of(moves), NOW_MS, 10);
    }

    @Test
    public void refusedMoves_ofAnyNumber_areThoseOfTheWholeLog() {
        for (int recent : new int[] {0, 1, 127, 128, 129, 255, 256, 257, 1_000}) {
            for (int old : new int[] {0, 1, 127, 128, 1_000}) {
                List<MoveDTO> all = new ArrayList<>();
                for (int i = 0; i < old + recent; i++) {
                    MoveDTO.Outcome outcome = i % 3 == 0 ? MoveDTO.Outcome.REFUSED : MoveDTO.Outcome.MOVED;
                    all.add(move("n" + i % 700, outcome, i < old ? 11 : 10));
                }
                BackendRegistry registry = (BackendRegistry) Proxy.newProxyInstance(
                        BackendRegistry.class.getClassLoader(),
                        new Class<?>[] {BackendRegistry.class},
                        (proxy, method, args) -> all.subList(Math.max(0, all.size() - (int) args[1]), all.size()));
                assertEquals(
                        "recent=" + recent + " old=" + old,
                        lines(Checks.refusedMoves(all, NOW_MS, 10)),
                        lines(Checks.refusedMoves(registry, NOW_MS, 10)));
            }
        }
    }

    @Test
    public void noBackend_ofParkedNamespace_warns() {
        assertTrue(Checks.noBackend(List.of(namespace("a", "ets/ets"))).isOk());
        assertEquals(
                List.of("WARN namespace a\\u000ab has no backend, counters are parked: counters=3 reason=why"),
                lines(Checks.noBackend(List.of(namespace("a\nb", "parking"), namespace("c", "ets/ets")))));
    }

    @Test
    public void refusedMoves_ofSeveralMoves_reportsTheLast() {
        assertFalse(refused(move("a", MoveDTO.Outcome.MOVED, 2), move("a", MoveDTO.Outcome.REFUSED, 1))
                .isOk());
        assertTrue(refused(move("a", MoveDTO.Outcome.REFUSED, 2), move("a", MoveDTO.Outcome.MOVED, 1))
                .isOk());
        assertFalse(refused(move("a", MoveDTO.Outcome.UNDONE, 2), move("b", MoveDTO.Outcome.MOVED, 1))
                .isOk());
        assertFalse(refused(move("a", MoveDTO.Outcome.ABANDONED, 2)).isOk());
        assertTrue(refused(move("a", MoveDTO.Outcome.UNCHANGED, 2)).isOk());
    }

    @Test
    public void refusedMoves_afterTheTime_areNotReported() {
        assertFalse(refused(move("a", MoveDTO.Outcome.REFUSED, 10)).isOk());
        assertTrue(refused(move("a", MoveDTO.Outcome.REFUSED, 11)).isOk());
    }

    @Test
    public void capacity_aboveTheLimit_warns() {
        assertTrue(Checks.capacity(List.of(backend(10L, Map.of("a", 9L))), 90).isOk());
        assertEquals(
                List.of("WARN namespace a is nearly full: backend=atomics/a counters=91 capacity=100"),
                lines(Checks.capacity(List.of(backend(100L, Map.of("a", 91L))), 90)));
        assertEquals(
                List.of("CRITICAL namespace a is full: backend=atomics/a counters=10 capacity=10"),
                lines(Checks.capacity(List.of(backend(10L, Map.of("a", 10L))), 90)));
        assertTrue(Checks.capacity(List.of(backend(null, Map.of("a", 10L))), 90).isOk());
        assertEquals(
                "capacity=Long.MAX_VALUE",
                Result.Status.CRITICAL,
                Checks.capacity(List.of(backend(Long.MAX_VALUE, Map.of("a", Long.MAX_VALUE))), 90)
                        .getStatus());
    }

    @Test
    public void problems_ofMany_areTruncated() {
        List<NamespaceDTO> parked = IntStream.range(0, 1_000)
                .mapToObj(i -> namespace("n" + i, "parking"))
                .toList();
        List<String> lines = lines(Checks.noBackend(parked));
        assertEquals(21, lines.size());
        assertEquals("WARN more problems: count=980", lines.get(20));
    }
}
