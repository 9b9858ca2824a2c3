package org.counterex.itest;

import java.util.ArrayList;
import java.util.List;

/** Last calls of one writer in one namespace, for failure messages. */
final class Trace {

    private static final int CAPACITY = 512;
    private static final int SHOWN = 12;

    private final Call[] calls = new Call[CAPACITY];
    private int next;

    /** @param key null for a call on all counters */
    private record Call(String name, String key, long argument, Object result) {
        @Override
        public String toString() {
            return name + "(" + (key == null ? "" : key + " " + argument) + ")=" + result;
        }
    }

    void add(String name, String key, long argument, Object result) {
        calls[next++ % CAPACITY] = new Call(name, key, argument, result);
    }

    /** Returns the last calls on a counter, oldest first. */
    List<String> of(String key) {
        List<String> found = new ArrayList<>();
        for (int i = Math.max(0, next - CAPACITY); i < next; i++) {
            Call call = calls[i % CAPACITY];
            if (call.key == null || call.key.equals(key)) {
                found.add(call.toString());
            }
        }
        return found.subList(Math.max(0, found.size() - SHOWN), found.size());
    }
}
