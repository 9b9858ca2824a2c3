package org.counterex.registry.provider;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.TimeUnit;

/** Observer of the state of named threads. */
final class ThreadGroupWatch {

    private ThreadGroupWatch() {}

    /** Waits until every thread with a name is idle. */
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
