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

/** The service for callers: the default namespace, which gives every other one. */
public final class RootNamespace extends Namespace implements Counters {

    /** A power of two: some more places than most programs have namespaces. */
    private static final int PLACES = 1024;

    private final NamespaceDirectory directory;

    /**
     * The first namespaces that were asked for, by their names' hash codes: a look here is quicker than one into the map
     * of all of them. A place is never given to another, so that those who share one do not contend for it.
     */
    private final AtomicReferenceArray<Namespace> first = new AtomicReferenceArray<>(PLACES);

    RootNamespace(NamespaceHost host, NamespaceDirectory directory) {
        super(DEFAULT_NAMESPACE, host, UnplacedStore.UNPLACED);
        this.directory = directory;
    }

    @Override
    public CounterNamespace namespace(String name) {
        if (name != null) {
            Namespace here = first.get(place(name));
            if (here != null && here.name().equals(name)) {
                return here;
            }
        }
        return find(name);
    }

    private Namespace find(String name) {
        Namespace known = name == null ? null : directory.find(name);
        Namespace found = known != null ? known : directory.namespace(CounterNames.check("namespace", name));
        first.compareAndSet(place(name), null, found);
        return found;
    }

    private static int place(String name) {
        return KeyedCell.hash(name) >>> Integer.SIZE - Integer.numberOfTrailingZeros(PLACES);
    }

    @Override
    public Set<String> namespaces() {
        if (placement().active() == UnplacedStore.STOPPED) {
            throw new NoBackendException("this service has stopped", name());
        }
        Set<String> names = new TreeSet<>();
        for (Namespace namespace : directory.all()) {
            if (hasCounters(namespace)) {
                names.add(namespace.name());
            }
        }
        return names;
    }

    /** A backend that cannot tell at present has some as far as anybody knows. */
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
                return false; // otherwise all may have moved on before it was looked at
            }
        }
    }
}
