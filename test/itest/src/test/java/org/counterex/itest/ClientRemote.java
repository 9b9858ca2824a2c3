package org.counterex.itest;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A {@link Client} as a test sees it, throughout the lives of its bundle: the two have nothing but types of the JDK in common.
 */
final class ClientRemote {

    private final Map<String, Object> ledger = new TreeMap<>();

    /** @param exact whether each value that the client is told has to be exact */
    ClientRemote(boolean exact) {
        ledger.put(Client.EXACT, exact);
    }

    /** Has the client add alone. */
    ClientRemote onlyAdding() {
        ledger.put(Client.ADDITIONS_ONLY, true);
        return this;
    }

    /** Offers the ledger in a framework, in which the client then begins, or goes on. */
    void enter(Platform platform) {
        platform.register(Map.class, ledger, Map.of());
    }

    /** Waits until each writer has counted on for a while. */
    void keepCounting(Platform platform) {
        task(platform, Client.KEEP_COUNTING).get();
    }

    /** Waits until a namespace lives in a certain place. */
    void awaitHome(Platform platform, String namespace, String home) {
        Supplier<List<?>> homes = task(platform, Client.HOMES);
        Await.until(
                () -> homes.get().contains(namespace + " in " + home),
                () -> homes.get().toString());
    }

    /** Stops the writers, and tells what does not agree with the ledger. */
    List<?> disagreements(Platform platform) {
        return task(platform, Client.DISAGREEMENTS).get();
    }

    @SuppressWarnings("unchecked") // the client offers no others
    private static Supplier<List<?>> task(Platform platform, String does) {
        return platform.service(Supplier.class, "(" + Client.DOES + "=" + does + ")");
    }
}
