package org.counterex.registry.provider.namespace;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.NoBackendException;
import org.counterex.api.backend.table.KeyedCell;
import org.counterex.registry.provider.placement.DetachedStore;
import org.counterex.registry.provider.placement.Placement;
import org.counterex.registry.provider.placement.UnplacedStore;

/** The {@link Counters} service: the default namespace, which gives access to every other one. */
public final class RootNamespace extends Namespace implements Counters {

    /** A power of two, larger than the number of namespaces of most programs. */
    private static final int CACHE_SIZE = 1024;

    private final NamespaceDirectory directory;

    /**
     * Cache of namespaces by the hash code of their names, which is faster than the directory. The first namespace of a
     * slot stays there for good, so that two names with the same slot do not evict each other.
     */
    private final AtomicReferenceArray<Namespace> cache = new AtomicReferenceArray<>(CACHE_SIZE);

    RootNamespace(NamespaceHost host, NamespaceDirectory directory) {
        super(DEFAULT_NAMESPACE, host, UnplacedStore.UNPLACED);
        this.directory = directory;
    }

    @Override
    public CounterNamespace namespace(String name) {
        if (name != null) {
            Namespace here = cache.get(slot(name));
            if (here != null && here.name().equals(name)) {
                return here;
            }
        }
        return find(name);
    }

    private Namespace find(String name) {
        Namespace known = name == null ? null : directory.find(name);
        Namespace found = known != null ? known : directory.namespace(CounterNames.check("namespace", name));
        cache.compareAndSet(slot(name), null, found);
        return found;
    }

    private static int slot(String name) {
        return KeyedCell.hash(name) >>> Integer.SIZE - Integer.numberOfTrailingZeros(CACHE_SIZE);
    }

    @Override
    public Set<String> namespaces() {
        if (placement().active() == UnplacedStore.STOPPED) {
            throw new NoBackendException("registry is stopped", name());
        }
        Set<String> names = new TreeSet<>();
        for (Namespace namespace : directory.all()) {
            if (hasCounters(namespace)) {
                names.add(namespace.name());
            }
        }
        return names;
    }

    /** Returns whether a namespace has counters; true if its backend does not answer. */
    public static boolean hasCounters(Namespace namespace) {
        for (; ; ) {
            Placement seen = namespace.placement();
            try {
                if (seen.active() instanceof DetachedStore || seen.size() > 0) {
                    return true;
                }
            } catch (BackendUnavailableException e) {
                return true;
            }
            if (namespace.placement() == seen) {
                return false; // otherwise counters may have been transferred before their new store was read
            }
        }
    }
}
