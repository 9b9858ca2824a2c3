package org.counterex.tck;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.counterex.api.CounterException;
import org.counterex.api.backend.CounterBackend;

/** Generator of random calls of every kind on few names, with numbers near the limits. */
final class RandomCalls {

    /**
     * One call, which can be applied to several backends.
     *
     * @param text its text for messages
     * @param body makes the call and returns its result
     */
    record Call(String text, Function<CounterBackend, Object> body) {

        /** Returns the result of the call, or that it was rejected. */
        Object on(CounterBackend backend) {
            try {
                return body.apply(backend);
            } catch (CounterException e) {
                return "rejected"; // if a call exceeds several limits, it is unspecified which one is reported
            }
        }
    }

    private static final List<String> NAMESPACES = List.of("one", "two");
    private static final List<Long> LARGE = List.of(1L << 31, 1L << 55, 1L << 60, 1L << 61, 1L << 62, Long.MAX_VALUE);

    private final Random random;
    private final long lowest;
    private final int keys;

    RandomCalls(Random random, long lowest, int keys) {
        this.random = random;
        this.lowest = lowest;
        this.keys = keys;
    }

    Call next() {
        String namespace = any(NAMESPACES);
        String key = "key-" + random.nextInt(keys);
        long first = number();
        long second = number();
        // Unspecified: an initial value out of range with a step into the range, and a mismatch with a new value out of
        // range.
        long held = Math.max(second, lowest);
        return switch (random.nextInt(60)) { // few calls empty a namespace, so that it fills up
            case 0 -> call(b -> b.drain(namespace), "drain", namespace);
            case 1 -> call(b -> nothing(() -> b.deleteNamespace(namespace)), "deleteNamespace", namespace);
            case 2, 3 -> call(b -> b.get(namespace, key), "get", namespace, key);
            case 4, 5, 6 -> call(b -> nothing(() -> b.delete(namespace, key)), "delete", namespace, key);
            case 7, 8 -> call(b -> b.take(namespace, key), "take", namespace, key);
            case 9, 10, 11 -> call(b -> b.reset(namespace, key, first), "reset", namespace, key, first);
            case 12, 13, 14, 15, 16 -> call(b -> b.set(namespace, key, first), "set", namespace, key, first);
            case 17, 18, 19, 20, 21 ->
                call(b -> swapWhatIsThere(b, namespace, key, held), "swap", namespace, key, held);
            case 22, 23, 24, 25, 26 ->
                call(b -> b.compareAndSwap(namespace, key, first, held), "compareAndSwap", namespace, key, first, held);
            case 27, 28, 29, 30, 31, 32, 33 ->
                call(b -> nothing(() -> b.add(namespace, key, first)), "add", namespace, key, first);
            case 34, 35, 36 -> call(b -> nothing(() -> b.merge(namespace, key, first)), "merge", namespace, key, first);
            default -> call(b -> b.inc(namespace, key, first, held), "inc", namespace, key, first, held);
        };
    }

    /** Returns the complete visible state of a backend. */
    static Object state(CounterBackend backend) {
        return Map.of(
                "counters", NAMESPACES.stream().map(backend::getAll).toList(),
                "namespaces", backend.info().namespaces());
    }

    private static Object swapWhatIsThere(CounterBackend backend, String namespace, String key, long newValue) {
        return backend.compareAndSwap(
                namespace, key, backend.get(namespace, key).orElse(0), newValue);
    }

    private static Object nothing(Runnable call) {
        call.run();
        return "nothing";
    }

    private static Call call(Function<CounterBackend, Object> body, Object... words) {
        return new Call(Arrays.toString(words), body);
    }

    private long number() {
        long size = random.nextInt(3) > 0 ? random.nextInt(3) : any(LARGE) - random.nextInt(2);
        return random.nextBoolean() ? size : -size;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
