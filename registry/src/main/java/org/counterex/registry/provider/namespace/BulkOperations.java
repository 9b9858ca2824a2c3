package org.counterex.registry.provider.namespace;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.counterex.api.CounterException;
import org.counterex.api.NoBackendException;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.registry.provider.placement.CounterStore;
import org.counterex.registry.provider.placement.DelegatingStore;
import org.counterex.registry.provider.placement.DetachedStore;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.UnplacedStore;

/**
 * Operations on all counters of a namespace: they first collect the keys, sources before the active store, and then act
 * on each counter as an operation on that counter alone.
 */
final class BulkOperations {

    /** Average number of keys that {@link #forEach} collects at a time: some megabytes. */
    private static final int KEYS_PER_PASS = 1 << 16;

    /** Each pass reads all keys: beyond 250 million counters a pass collects more of them instead. */
    private static final int MAX_PASSES = 1 << 12;

    private final Namespace namespace;
    private final NamespaceHost host;
    private final KeyOperations operations;

    BulkOperations(Namespace namespace, NamespaceHost host, KeyOperations operations) {
        this.namespace = namespace;
        this.host = host;
        this.operations = operations;
    }

    Map<String, Long> getAll() {
        Map<String, Long> all = new HashMap<>();
        for (String key : keys(key -> true)) {
            namespace.get(key).ifPresent(value -> all.put(key, value));
        }
        return all;
    }

    void forEach(ObjLongConsumer<String> action) {
        Placement seen = namespace.placement();
        // A backend without tables creates a map of all its counters at each pass anyway.
        int passes = seen.anyStore(DelegatingStore.class::isInstance)
                ? 1
                : (int) Math.min(seen.size() / KEYS_PER_PASS + 1, MAX_PASSES);
        for (int pass = 0; pass < passes; pass++) {
            int due = pass;
            for (String key : keys(key -> Integer.remainderUnsigned(KeyedCell.hash(key), passes) == due)) {
                namespace.get(key).ifPresent(value -> action.accept(key, value));
            }
        }
    }

    /** Removes every counter and returns the final values; if a later one fails, those that were taken. */
    Map<String, Long> drain() {
        Map<String, Long> taken = new HashMap<>();
        Set<CounterStore> stores = new HashSet<>();
        try {
            for (String key : keys(key -> true)) {
                operations.take(key, stores).ifPresent(value -> taken.put(key, value));
            }
            stores.forEach(CounterStore::awaitDurable);
        } catch (CounterException e) {
            if (taken.isEmpty()) {
                throw e;
            }
            host.drainEndedEarly(namespace, taken.size(), e); // the values that were taken exist only here
        }
        return taken;
    }

    /**
     * Removes every counter.
     *
     * @param onDelete called for each counter that was removed
     */
    void deleteAll(Runnable onDelete) {
        Set<CounterStore> stores = new HashSet<>();
        keys(key -> true).forEach(key -> operations.take(key, stores).ifPresent(last -> onDelete.run()));
        stores.forEach(CounterStore::awaitDurable);
    }

    /** Returns, of the keys that are present throughout the call, and possibly others, those that match a condition. */
    private Set<String> keys(Predicate<String> condition) {
        Set<String> keys = new LinkedHashSet<>();
        for (; ; ) {
            Placement seen = namespace.placement();
            if (seen.active() == UnplacedStore.STOPPED) {
                throw new NoBackendException("registry is stopped", namespace.name());
            }
            if (seen.active() instanceof DetachedStore detached) {
                throw detached.refusal();
            }
            host.requireBackend(namespace, seen);
            try {
                seen.stores()
                        .forEach(store -> store.keys(key -> {
                            if (condition.test(key)) {
                                keys.add(key);
                            }
                        }));
            } catch (CounterException e) {
                if (namespace.placement() == seen) {
                    throw e;
                }
            }
            if (namespace.placement() == seen) {
                return keys; // a counter transferred meanwhile was seen in a source, or came to the active store before
                // it was read
            }
        }
    }
}
