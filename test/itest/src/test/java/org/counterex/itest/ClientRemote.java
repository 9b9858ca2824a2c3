package org.counterex.itest;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Test-side access to a {@link Client}, across restarts of its bundle: the two share JDK types only.
 */
final class ClientRemote {

    private final Map<String, Object> ledger = new TreeMap<>();

    /** @param exact whether each result of the client's calls must be exact */
    ClientRemote(boolean exact) {
        ledger.put(Client.EXACT, exact);
    }

    /** Restricts the client to additions. */
    ClientRemote onlyAdding() {
        ledger.put(Client.ADDITIONS_ONLY, true);
        return this;
    }

    /** Registers the ledger in a framework, where the client then starts or continues. */
    void enter(Platform platform) {
        platform.register(Map.class, ledger, Map.of());
    }

    /** Waits until each writer has made a number of further calls. */
    void keepCounting(Platform platform) {
        task(platform, Client.KEEP_COUNTING).get();
    }

    /** Waits until a namespace is on a backend. */
    void awaitBackend(Platform platform, String namespace, String backend) {
        Supplier<List<?>> placements = task(platform, Client.PLACEMENTS);
        Await.until(
                () -> placements.get().contains(namespace + " in " + backend),
                () -> placements.get().toString());
    }

    /** Stops the writers and returns the disagreements with the ledger. */
    List<?> disagreements(Platform platform) {
        return task(platform, Client.DISAGREEMENTS).get();
    }

    @SuppressWarnings("unchecked") // the client registers no others
    private static Supplier<List<?>> task(Platform platform, String name) {
        return platform.service(Supplier.class, "(" + Client.TASK + "=" + name + ")");
    }
}
