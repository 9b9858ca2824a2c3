package org.counterex.itest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.counterex.api.CasResult;

/** Workload of the namespace {@code quiet}: all writers call it, and no call changes a value. */
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
            case 0 -> verify("get", key, OptionalLong.of(value), namespace.get(key));
            case 1 -> verify("inc", key, value, namespace.inc(key, 0));
            case 2 -> verify("set", key, value, namespace.set(key, value));
            case 3 -> verify("swap", key, new CasResult(false, value), namespace.compareAndSwap(key, value - 1, 7));
            case 4 -> namespace.add(key, 0);
            default -> verify("all", null, Calls.QUIET, namespace.getAll());
        }
    }

    private void verify(String call, String key, Object expected, Object result) {
        recorded(call, key, 0, result);
        if (!result.equals(expected)) {
            throw new AssertionError("wrong result: call=" + call + " actual=" + result + " expected=" + expected
                    + " counter=" + describe(key));
        }
    }
}
