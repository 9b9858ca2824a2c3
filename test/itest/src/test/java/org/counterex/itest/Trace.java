package org.counterex.itest;

import java.util.ArrayList;
import java.util.List;

/** The last calls of one writer in one namespace, to be shown when something is wrong. */
final class Trace {

    private static final int KEPT = 512;
    private static final int SHOWN = 12;

    private final Call[] calls = new Call[KEPT];
    private int next;

    /** @param key null if it was a call on all counters */
    private record Call(String name, String key, long argument, Object result) {
        @Override
        public String toString() {
            return name + "(" + (key == null ? "" : key + " " + argument) + ")=" + result;
        }
    }

    void add(String name, String key, long argument, Object result) {
        calls[next++ % KEPT] = new Call(name, key, argument, result);
    }

    /** What was done to a counter last, oldest first. */
    List<String> of(String key) {
        List<String> found = new ArrayList<>();
        for (int i = Math.max(0, next - KEPT); i < next; i++) {
            Call call = calls[i % KEPT];
            if (call.key == null || call.key.equals(key)) {
                found.add(call.toString());
            }
        }
        return found.subList(Math.max(0, found.size() - SHOWN), found.size());
    }
}
