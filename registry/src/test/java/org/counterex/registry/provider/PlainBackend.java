package org.counterex.registry.provider;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.counterex.api.CasResult;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;

/** Exact backend without tables, whose calls can be made to fail or hang. */
public final class PlainBackend implements CounterBackend {

    /** A fault injected into a call: none, an exception, or a delay. */
    @FunctionalInterface
    interface Fault {
        /** @param key the key of the call; empty for calls on a whole namespace */
        void inject(String operation, String key);

        static Fault throwing(Supplier<? extends Throwable> failure, String... operations) {
            return (operation, key) -> {
                if (Set.of(operations).contains(operation)) {
                    throwUnchecked(failure.get());
                }
            };
        }

        /** A {@link #throwing} fault for one key, with an exception that is not part of the backend contract. */
        static Fault onKey(String broken, String... operations) {
            return (operation, key) -> {
                if (key.equals(broken)) {
                    throwing(() -> new IllegalStateException("disk on fire"), operations)
                            .inject(operation, key);
                }
            };
        }

        /** Occasionally delays a call for as long as a move, so that races with a late thread occur often. */
        static Fault occasionalDelay() {
            return (operation, key) -> {
                if (ThreadLocalRandom.current().nextInt(100) == 0) {
                    LockSupport.parkNanos(100_000);
                }
            };
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> void throwUnchecked(Throwable failure) throws T {
            throw (T) failure;
        }
    }

    private static final Fault NONE = (operation, key) -> {};

    /** Injected before a call takes effect. */
    volatile Fault before = NONE;

    /** Injected after a call has taken effect. */
    volatile Fault after = NONE;

    /** Number of calls started. */
    final AtomicLong callsStarted = new AtomicLong();

    private final Map<String, Map<String, Long>> namespaces = new HashMap<>();
    private final Set<String> unexpectedCalls = ConcurrentHashMap.newKeySet();
    private volatile boolean noCallsExpected;

    void recover() {
        before = NONE;
        after = NONE;
    }

    /** Records every later call as unexpected. */
    void expectNoCalls() {
        noCallsExpected = true;
    }

    /** Returns the operations that were called after {@link #expectNoCalls}. */
    Set<String> unexpectedCalls() {
        return unexpectedCalls;
    }

    /** Adds to a counter without a call into this backend, as another client of the same server does. */
    void addDirectly(String namespace, String key, long step) {
        synchronized (namespaces) {
            put(namespace, key, read(namespace, key).orElse(0) + step);
        }
    }

    /** Returns the counters of a namespace, regardless of injected faults. */
    Map<String, Long> contents(String namespace) {
        synchronized (namespaces) {
            return new HashMap<>(namespaces.getOrDefault(namespace, Map.of()));
        }
    }

    @Override
    public long inc(String namespace, String key, long step, long initial) {
        return call(
                "inc",
                key,
                () -> put(
                        namespace, key, sum(namespace, key, read(namespace, key).orElse(initial), step)));
    }

    @Override
    public void add(String namespace, String key, long step) {
        call(
                "add",
                key,
                () -> put(
                        namespace, key, sum(namespace, key, read(namespace, key).orElse(0), step)));
    }

    @Override
    public OptionalLong get(String namespace, String key) {
        return call("get", key, () -> read(namespace, key));
    }

    @Override
    public long set(String namespace, String key, long value) {
        return call("set", key, () -> put(namespace, key, value));
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return call("reset", key, () -> put(namespace, key, initial));
    }

    @Override
    public void delete(String namespace, String key) {
        call(
                "delete",
                key,
                () -> namespaces.getOrDefault(namespace, new HashMap<>()).remove(key));
    }

    @Override
    public OptionalLong take(String namespace, String key) {
        return call("take", key, () -> {
            Long taken = namespaces.getOrDefault(namespace, new HashMap<>()).remove(key);
            return taken == null ? OptionalLong.empty() : OptionalLong.of(taken);
        });
    }

    @Override
    public void merge(String namespace, String key, long value) {
        call(
                "merge",
                key,
                () -> put(
                        namespace, key, sum(namespace, key, read(namespace, key).orElse(0), value)));
    }

    @Override
    public void flush(String namespace) {
        call("flush", "", () -> null);
    }

    @Override
    public Map<String, Long> getAll(String namespace) {
        return call("getAll", "", () -> contents(namespace));
    }

    @Override
    public void deleteNamespace(String namespace) {
        call("deleteNamespace", "", () -> namespaces.remove(namespace));
    }

    @Override
    public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        return call("compareAndSwap", key, () -> {
            long value = read(namespace, key).orElse(0);
            return value == expected ? new CasResult(true, put(namespace, key, newValue)) : new CasResult(false, value);
        });
    }

    @Override
    public BackendInfo info() {
        return call("info", "", () -> {
            Map<String, Long> sizes = new HashMap<>();
            namespaces.forEach((namespace, counters) -> sizes.put(namespace, (long) counters.size()));
            return BackendInfo.of("plain", "plain", sizes);
        });
    }

    private OptionalLong read(String namespace, String key) {
        Long value = namespaces.getOrDefault(namespace, Map.of()).get(key);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static long sum(String namespace, String key, long value, long step) {
        long sum = value + step;
        if (((value ^ sum) & (step ^ sum)) < 0 || sum == Long.MIN_VALUE) {
            throw new CounterOverflowException(namespace, key, value + "+" + step, -Long.MAX_VALUE);
        }
        return sum;
    }

    private long put(String namespace, String key, long value) {
        namespaces.computeIfAbsent(namespace, absent -> new HashMap<>()).put(key, value);
        return value;
    }

    private <R> R call(String operation, String key, Supplier<R> effect) {
        if (noCallsExpected) {
            unexpectedCalls.add(operation + " " + key);
        }
        callsStarted.incrementAndGet();
        before.inject(operation, key);
        R result;
        synchronized (namespaces) {
            result = effect.get();
        }
        after.inject(operation, key);
        return result;
    }
}
