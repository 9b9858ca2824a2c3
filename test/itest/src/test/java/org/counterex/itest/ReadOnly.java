package org.counterex.itest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.counterex.api.CasResult;

/** The namespace {@code quiet}: all writers call it, and none changes anything. */
final class ReadOnly extends Workload {

    static final String NAME = "quiet";

    private final List<String> names = new ArrayList<>(Calls.QUIET.keySet());

    ReadOnly(Random random) {
        super(NAME, 0, random, Map.of());
    }

    @Override
    void next() {
        String key = names.get(random.nextInt(names.size()));
        long value = Calls.QUIET.get(key);
        switch (random.nextInt(6)) {
            case 0 -> told("get", key, OptionalLong.of(value), namespace.get(key));
            case 1 -> told("inc", key, value, namespace.inc(key, 0));
            case 2 -> told("set", key, value, namespace.set(key, value));
            case 3 -> told("swap", key, new CasResult(false, value), namespace.compareAndSwap(key, value - 1, 7));
            case 4 -> namespace.add(key, 0);
            default -> told("all", null, Calls.QUIET, namespace.getAll());
        }
    }

    private void told(String call, String key, Object expected, Object result) {
        noted(call, key, 0, result);
        if (!result.equals(expected)) {
            throw new AssertionError(call + " told " + result + " and not " + expected + ": " + last(key));
        }
    }
}
