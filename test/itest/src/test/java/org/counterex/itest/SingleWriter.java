package org.counterex.itest;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.counterex.api.CasResult;
import org.counterex.api.Counter;
import org.counterex.api.Counters;
import org.counterex.api.NoBackendException;

/**
 * Workload of a namespace with a single writer: every call returns what a map would return, on every backend and during
 * moves.
 */
final class SingleWriter extends Workload {

    private static final int KEYS = 24;

    /** In the state: present while a removal of all counters has started and not returned. */
    private static final String EMPTYING = "emptying";

    private static final long[] LARGE = {1L << 31, 1L << 55, 1L << 60, 1L << 61, 1L << 62};

    private final Map<String, Long> model;

    @SuppressWarnings("unchecked") // only this class writes this entry
    SingleWriter(String name, Random random, Map<String, Object> state) {
        super(name, KEYS, random, state);
        model = (Map<String, Long>) state.computeIfAbsent("model", absent -> new TreeMap<>());
    }

    @Override
    void open(Counters service) {
        super.open(service);
        if (state.containsKey(EMPTYING)) {
            // The removal failed half way: each counter is unchanged or absent.
            Map<String, Long> remaining = recorded("all", null, 0, namespace.getAll());
            for (String key : keys) {
                if (remaining.containsKey(key)) {
                    verify("remaining", key, 0, model.get(key), remaining.get(key));
                }
            }
            model.keySet().retainAll(remaining.keySet());
            state.remove(EMPTYING);
        }
    }

    @Override
    void next() {
        int k = random.nextInt(KEYS);
        String key = keys[k];
        Long held = model.get(key);
        long value = held == null ? 0 : held;
        long step = Math.abs(value) > LARGE[3] ? -(value / 2) : step();
        Counter counter = counter(k);
        switch (random.nextInt(40)) {
            case 0 -> all();
            case 1, 2, 3 -> {
                counter.delete();
                recorded("delete", key, 0, "");
                model.remove(key);
            }
            case 4, 5, 6, 7 -> {
                long next = value();
                update(key, next, "set", next, counter.set(next));
            }
            case 8, 9 -> update(key, 0, "reset", 0, counter.reset());
            case 10 -> {
                long next = value();
                update(key, next, "reset", next, counter.reset(next));
            }
            case 11, 12, 13, 14 -> {
                long next = value();
                verify("swap", key, next, new CasResult(true, next), counter.compareAndSwap(value, next));
                model.put(key, next);
            }
            case 15, 16 ->
                verify(
                        "failing swap",
                        key,
                        value ^ 1,
                        new CasResult(false, value),
                        counter.compareAndSwap(value ^ 1, 1));
            case 17, 18, 19, 20 ->
                verify("get", key, 0, held == null ? OptionalLong.empty() : OptionalLong.of(held), counter.get());
            case 21, 22, 23, 24, 25 -> {
                counter.add(step);
                recorded("add", key, step, "");
                model.put(key, value + step);
            }
            case 26, 27, 28 -> {
                long initial = value();
                update(
                        key,
                        (held == null ? initial : value) + step,
                        "inc from " + initial,
                        step,
                        counter.inc(step, initial));
            }
            case 29, 30, 31, 32, 33 -> update(key, value + step, "inc", step, counter.inc(step));
            default -> update(key, value + 1, "inc", 1, counter.inc());
        }
    }

    private void all() {
        switch (random.nextInt(20)) {
            case 0 -> drain();
            case 1 -> {
                state.put(EMPTYING, true);
                namespace.deleteAll();
                state.remove(EMPTYING);
                recorded("deleteAll", null, 0, "");
                model.clear();
            }
            default -> verify("all", null, 0, model, namespace.getAll());
        }
    }

    private void drain() {
        Map<String, Long> taken = recorded("drain", null, 0, namespace.drain());
        taken.forEach((key, value) -> verify("drained", key, 0, model.remove(key), value));
        if (!model.isEmpty()) {
            requireStopped();
        }
    }

    /** A drain may return early, with a part of the counters, if the service stops. */
    private void requireStopped() {
        try {
            namespace.get(keys[0]);
        } catch (NoBackendException e) {
            return;
        }
        throw new AssertionError("drain incomplete: remaining=" + model + " counter=" + describe(keys[0]));
    }

    private void update(String key, long value, String call, long argument, long result) {
        verify(call, key, argument, value, result);
        model.put(key, value);
    }

    private void verify(String call, String key, long argument, Object expected, Object result) {
        recorded(call, key, argument, result);
        if (!result.equals(expected)) {
            throw new AssertionError("wrong result: call=" + call + " actual=" + result + " expected=" + expected
                    + " counter=" + describe(key));
        }
    }

    private long value() {
        long size = random.nextInt(8) == 0 ? LARGE[random.nextInt(LARGE.length)] - random.nextInt(2) : step();
        return random.nextBoolean() ? size : -size;
    }

    /** Returns the expected content of the namespace. */
    Map<String, Long> model() {
        return model;
    }
}
