package org.counterex.registry.provider;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.TimeUnit;

/** Looks at threads from outside. */
final class ThreadGroupWatch {

    private ThreadGroupWatch() {}

    /** Waits until every thread of a name waits for something to do. */
    static void awaitIdle(String name, long timeoutMs) {
        await("threads " + name + " are idle")
                .atMost(timeoutMs, TimeUnit.MILLISECONDS)
                .until(() -> Thread.getAllStackTraces().entrySet().stream()
                        .filter(entry -> entry.getKey().getName().equals(name))
                        .allMatch(entry -> isIdle(entry.getValue())));
    }

    private static boolean isIdle(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().endsWith("Worker") || frame.getMethodName().equals("getTask")) {
                return frame.getMethodName().equals("getTask");
            }
        }
        return true;
    }
}
