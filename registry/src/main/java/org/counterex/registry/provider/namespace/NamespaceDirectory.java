package org.counterex.registry.provider.namespace;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.counterex.registry.provider.event.ListenerRegistry;
import org.counterex.registry.provider.placement.UnplacedStore;

/** Directory of all namespaces that were ever asked for. Thread-safe. */
public final class NamespaceDirectory {

    private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();
    private final NamespaceHost host;
    private final ListenerRegistry listeners;
    private final RootNamespace root;

    public NamespaceDirectory(NamespaceHost host, ListenerRegistry listeners) {
        this.host = host;
        this.listeners = listeners;
        root = new RootNamespace(host, this);
        namespaces.put(root.name(), root);
        listeners.setTargets(namespaces.values());
    }

    /** Returns the default namespace, which gives access to every other one. */
    public RootNamespace root() {
        return root;
    }

    /** Returns the namespace of a valid name, creating it if it was never asked for. */
    public Namespace namespace(String name) {
        Namespace known = namespaces.get(name);
        return known != null ? known : create(name);
    }

    private Namespace create(String name) {
        Namespace created = namespaces.computeIfAbsent(name, this::unlisted);
        listeners.refresh(created); // a listener may have been bound after the namespace had looked for listeners
        return created;
    }

    /**
     * Returns a new namespace that is not in this directory: neither moved on reconciliation nor stopped, and collected
     * as garbage.
     */
    public Namespace unlisted(String name) {
        return new Namespace(name, host, UnplacedStore.UNPLACED);
    }

    /** Returns the namespace of a name; null if it was never asked for. */
    public Namespace find(String name) {
        return namespaces.get(name);
    }

    /** Returns a live view of all namespaces. */
    public Collection<Namespace> all() {
        return namespaces.values();
    }
}
