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
 * A namespace with one writer: whatever moves, every result of every call is what a map would say, on every backend.
 */
final class SingleWriter extends Workload {

    private static final int KEYS = 24;

    /** On the page: whether removing all counters was begun, and not confirmed. */
    private static final String EMPTYING = "emptying";

    private static final long[] LARGE = {1L << 31, 1L << 55, 1L << 60, 1L << 61, 1L << 62};

    private final Map<String, Long> model;

    @SuppressWarnings("unchecked") // nothing else writes on the page
    SingleWriter(String name, Random random, Map<String, Object> page) {
        super(name, KEYS, random, page);
        model = (Map<String, Long>) page.computeIfAbsent("model", absent -> new TreeMap<>());
    }

    @Override
    void open(Counters service) {
        super.open(service);
        if (page.containsKey(EMPTYING)) {
            // It was refused half way: each counter is there as it was, or is not there.
            Map<String, Long> left = noted("all", null, 0, namespace.getAll());
            for (String key : keys) {
                if (left.containsKey(key)) {
                    told("left", key, 0, model.get(key), left.get(key));
                }
            }
            model.keySet().retainAll(left.keySet());
            page.remove(EMPTYING);
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
                noted("delete", key, 0, "");
                model.remove(key);
            }
            case 4, 5, 6, 7 -> {
                long next = value();
                become(key, next, "set", next, counter.set(next));
            }
            case 8, 9 -> become(key, 0, "reset", 0, counter.reset());
            case 10 -> {
                long next = value();
                become(key, next, "reset", next, counter.reset(next));
            }
            case 11, 12, 13, 14 -> {
                long next = value();
                told("swap", key, next, new CasResult(true, next), counter.compareAndSwap(value, next));
                model.put(key, next);
            }
            case 15, 16 ->
                told("failing swap", key, value ^ 1, new CasResult(false, value), counter.compareAndSwap(value ^ 1, 1));
            case 17, 18, 19, 20 ->
                told("get", key, 0, held == null ? OptionalLong.empty() : OptionalLong.of(held), counter.get());
            case 21, 22, 23, 24, 25 -> {
                counter.add(step);
                noted("add", key, step, "");
                model.put(key, value + step);
            }
            case 26, 27, 28 -> {
                long initial = value();
                become(
                        key,
                        (held == null ? initial : value) + step,
                        "inc from " + initial,
                        step,
                        counter.inc(step, initial));
            }
            case 29, 30, 31, 32, 33 -> become(key, value + step, "inc", step, counter.inc(step));
            default -> become(key, value + 1, "inc", 1, counter.inc());
        }
    }

    private void all() {
        switch (random.nextInt(20)) {
            case 0 -> drain();
            case 1 -> {
                page.put(EMPTYING, true);
                namespace.deleteAll();
                page.remove(EMPTYING);
                noted("deleteAll", null, 0, "");
                model.clear();
            }
            default -> told("all", null, 0, model, namespace.getAll());
        }
    }

    private void drain() {
        Map<String, Long> taken = noted("drain", null, 0, namespace.drain());
        taken.forEach((key, value) -> told("drained", key, 0, model.remove(key), value));
        if (!model.isEmpty()) {
            requireStopped();
        }
    }

    /** A drain may end early, with what it has taken, if the service stops. */
    private void requireStopped() {
        try {
            namespace.get(keys[0]);
        } catch (NoBackendException e) {
            return;
        }
        throw new AssertionError("drain has left " + model + " in " + last(keys[0]));
    }

    private void become(String key, long value, String call, long argument, long result) {
        told(call, key, argument, value, result);
        model.put(key, value);
    }

    private void told(String call, String key, long argument, Object expected, Object result) {
        noted(call, key, argument, result);
        if (!result.equals(expected)) {
            throw new AssertionError(call + " told " + result + " and not " + expected + ": " + last(key));
        }
    }

    private long value() {
        long size = random.nextInt(8) == 0 ? LARGE[random.nextInt(LARGE.length)] - random.nextInt(2) : step();
        return random.nextBoolean() ? size : -size;
    }

    /** What the namespace holds. */
    Map<String, Long> model() {
        return model;
    }
}
