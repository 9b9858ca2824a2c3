package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.Counter;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.Counters;
import org.counterex.api.backend.CounterBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.tck.Arbitrary;
import org.counterex.tck.Rejection;
import org.counterex.tck.Seed;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/**
 * Rejected calls, on every backend: each with a message of one line, and without effect on any counter or the capacity.
 */
@RunWith(Parameterized.class)
public class RefusedCallsFuzzTest {

    private static final int CAPACITY = 8;
    private static final int ROUNDS = 1_000;

    /** Factory of a backend. */
    interface Factory {
        CounterBackend create();
    }

    @Rule
    public final Seed seed = new Seed();

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final Counters counters = registry.counters();
    private final Map<String, Long> expected = new HashMap<>();
    private final CounterBackend backend;
    private final long lowest;
    private Arbitrary arbitrary;

    public RefusedCallsFuzzTest(String name, Factory factory, long lowest) {
        this.backend = factory.create();
        this.lowest = lowest;
        registry.bind(backend, "ets");
    }

    @Parameterized.Parameters(name = "{0}")
    public static List<Object[]> backends() {
        return List.of(
                of("ets", RealBackends::ets, -Long.MAX_VALUE),
                of("atomics", () -> RealBackends.atomics(CAPACITY, true), -Long.MAX_VALUE),
                of("unsigned", () -> RealBackends.atomics(CAPACITY, false), 0),
                of("counters", () -> RealBackends.counters(CAPACITY), -Long.MAX_VALUE),
                of("plain", PlainBackend::new, -Long.MAX_VALUE));
    }

    private static Object[] of(String name, Factory factory, long lowest) {
        return new Object[] {name, factory, lowest};
    }

    @Before
    public void fill() {
        arbitrary = new Arbitrary(seed.random(0));
        while (expected.size() < CAPACITY - 1) {
            String key = arbitrary.name();
            expected.put(key, counters.set(key, Math.max(lowest, arbitrary.value())));
        }
    }

    /** Asserts that the counters, the namespaces and the sizes reported by the backend are the initial ones. */
    private void assertUnchanged(String call) {
        assertEquals(call, expected, counters.getAll());
        assertEquals(call, "[default]", counters.namespaces().toString());
        assertEquals(
                call, Map.of("default", (long) expected.size()), backend.info().namespaces());
    }

    /** Asserts that exactly one more counter fits, if the capacity is bounded: no rejected call has used up a slot. */
    private void assertRoomForOneMore() {
        if (backend.info().capacity().isEmpty()) {
            return;
        }
        counters.inc("last");
        assertThrows(CapacityExceededException.class, () -> counters.inc("one too many"));
    }

    private String anyKey() {
        return List.copyOf(expected.keySet()).get(arbitrary.below(expected.size()));
    }

    private List<ThrowingRunnable> calls(CounterNamespace namespace, String key) {
        long value = Math.max(lowest, arbitrary.value());
        return List.of(
                () -> namespace.inc(key),
                () -> namespace.inc(key, value),
                () -> namespace.inc(key, 1, value),
                () -> namespace.add(key, value),
                () -> namespace.get(key),
                () -> namespace.set(key, value),
                () -> namespace.reset(key),
                () -> namespace.reset(key, value),
                () -> namespace.delete(key),
                () -> namespace.compareAndSwap(key, 0, value),
                () -> namespace.counter(key));
    }

    @Test
    public void invalidName_inAnyCall_isRejectedAndShown() {
        for (int i = seed.rounds(ROUNDS / 10); i > 0; i--) {
            String name = arbitrary.invalidName();
            String shown = name == null ? "=null" : "='" + CounterNames.printable(name) + "'";
            for (ThrowingRunnable call : calls(counters, name)) {
                String message = Rejection.of(IllegalArgumentException.class, call);
                assertTrue(message, message.contains(": key" + shown));
            }
            String message = Rejection.of(IllegalArgumentException.class, () -> counters.namespace(name));
            assertTrue(message, message.contains(": namespace" + shown));
            assertUnchanged(shown);
        }
        assertRoomForOneMore();
    }

    @Test
    public void reservedNumber_inAnyCall_isRejected() {
        long reserved = Long.MIN_VALUE;
        for (String key : List.of(anyKey(), anyKey(), "absent")) {
            Counter handle = counters.counter(key);
            for (ThrowingRunnable call : List.<ThrowingRunnable>of(
                    () -> counters.inc(key, reserved),
                    () -> counters.inc(key, reserved, 1),
                    () -> counters.inc(key, 1, reserved),
                    () -> counters.add(key, reserved),
                    () -> counters.set(key, reserved),
                    () -> counters.reset(key, reserved),
                    () -> counters.compareAndSwap(key, reserved, 1),
                    () -> counters.compareAndSwap(key, 1, reserved),
                    () -> handle.inc(reserved),
                    () -> handle.inc(reserved, 1),
                    () -> handle.inc(1, reserved),
                    () -> handle.add(reserved),
                    () -> handle.set(reserved),
                    () -> handle.reset(reserved),
                    () -> handle.compareAndSwap(reserved, 1),
                    () -> handle.compareAndSwap(1, reserved))) {
                Rejection.of(IllegalArgumentException.class, call);
                assertUnchanged(key);
            }
        }
        assertRoomForOneMore();
    }

    /**
     * The reference is a sum in big integers: if it is out of range, every kind of addition is rejected, by name and by
     * handle.
     */
    @Test
    public void sum_outOfRange_isRejectedByEveryCall() {
        Map<String, Counter> handles = new HashMap<>();
        for (int i = seed.rounds(ROUNDS); i > 0; i--) {
            String key = arbitrary.below(4) == 0 ? "absent" : anyKey();
            Counter handle = handles.computeIfAbsent(key, counters::counter);
            long step = arbitrary.value();
            Long value = expected.get(key);
            long initial = value == null ? Math.max(lowest, arbitrary.value()) : 0;
            BigInteger sum = BigInteger.valueOf(value == null ? initial : value).add(BigInteger.valueOf(step));
            boolean inRange = sum.bitLength() < Long.SIZE && sum.compareTo(BigInteger.valueOf(lowest)) >= 0;
            if (!inRange) {
                List<ThrowingRunnable> calls = new ArrayList<>(
                        List.of(() -> counters.inc(key, step, initial), () -> handle.inc(step, initial)));
                if (value != null) {
                    calls.addAll(List.of(
                            () -> counters.inc(key, step),
                            () -> counters.add(key, step),
                            () -> handle.inc(step),
                            () -> handle.add(step)));
                }
                for (ThrowingRunnable call : calls) {
                    String message = Rejection.of(CounterOverflowException.class, call);
                    assertTrue(message, message.contains("key=" + CounterNames.printable(key) + " "));
                    assertUnchanged(message);
                }
            } else if (value != null) {
                assertEquals(sum.longValueExact(), handle.inc(step));
                expected.put(key, sum.longValueExact());
            }
        }
        assertRoomForOneMore();
    }

    /** A full namespace rejects any call that would create a counter, and accepts calls on existing ones. */
    @Test
    public void newCounter_beyondCapacity_isRejectedByEveryCall() {
        if (backend.info().capacity().isEmpty()) {
            return;
        }
        expected.put("last", counters.inc("last"));
        for (int i = seed.rounds(ROUNDS / 10); i > 0; i--) {
            String key = "new " + arbitrary.name();
            for (ThrowingRunnable call : List.<ThrowingRunnable>of(
                    () -> counters.inc(key),
                    () -> counters.add(key, 1),
                    () -> counters.set(key, 1),
                    () -> counters.reset(key),
                    () -> counters.compareAndSwap(key, 0, 1),
                    () -> counters.counter(key).inc(),
                    () -> counters.counter(key).add(1))) {
                if (key.length() <= CounterNames.MAX_LENGTH) {
                    Rejection.of(CapacityExceededException.class, call);
                    assertUnchanged(key);
                }
            }
            assertEquals(false, counters.compareAndSwap("absent", 5, 1).swapped());
        }
    }

    /** A call that is rejected during a move has no effect in either backend. */
    @Test
    public void rejectedCall_duringMoves_changesNothing() throws Exception {
        BackendHandle first = registry.resolver().backends().get(0);
        BackendHandle other = registry.bind(new MapBackend("other"), "other");
        Thread moves = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    registry.swap("default", other);
                    registry.swap("default", first);
                } catch (CounterException | IllegalStateException e) {
                    return;
                }
            }
        });
        moves.start();
        try {
            for (int i = seed.rounds(ROUNDS / 3); i > 0; i--) {
                String key = anyKey();
                long value = expected.get(key);
                long step = value > 0 ? Long.MAX_VALUE : -Long.MAX_VALUE;
                if (value != 0) {
                    Rejection.of(CounterOverflowException.class, () -> counters.inc(key, step));
                    Rejection.of(CounterOverflowException.class, () -> counters.add(key, step));
                }
                Rejection.of(IllegalArgumentException.class, () -> counters.inc(arbitrary.invalidName()));
                Rejection.of(IllegalArgumentException.class, () -> counters.set(key, Long.MIN_VALUE));
                assertEquals(expected, counters.getAll());
            }
        } finally {
            moves.interrupt();
            moves.join();
        }
        registry.swap("default", first);
        assertUnchanged("after all moves");
        assertRoomForOneMore();
    }
}
