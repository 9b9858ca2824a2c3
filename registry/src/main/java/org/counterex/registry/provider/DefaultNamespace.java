package org.counterex.registry.provider;

import java.util.Set;
import java.util.TreeSet;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.NoBackendException;

/** The service for callers: the default namespace, which gives every other one. */
final class DefaultNamespace extends Namespace implements Counters {

    private final Mover mover;

    DefaultNamespace(Mover mover) {
        super(DEFAULT_NAMESPACE, mover, NoHome.UNBORN);
        this.mover = mover;
    }

    @Override
    public CounterNamespace namespace(String name) {
        Namespace known = name == null ? null : mover.known(name);
        return known != null ? known : mover.namespace(CounterNames.check("namespace", name));
    }

    @Override
    public Set<String> namespaces() {
        if (residence().current() == NoHome.STOPPED) {
            throw new NoBackendException("this service has stopped", name());
        }
        Set<String> names = new TreeSet<>();
        for (Namespace namespace : mover.namespaces()) {
            if (hasCounters(namespace)) {
                names.add(namespace.name());
            }
        }
        return names;
    }

    /** A backend that cannot tell at present has some as far as anybody knows. */
    static boolean hasCounters(Namespace namespace) {
        for (; ; ) {
            Residence seen = namespace.residence();
            try {
                if (seen.current() instanceof AwayHome || seen.size() > 0) {
                    return true;
                }
            } catch (BackendUnavailableException e) {
                return true;
            }
            if (namespace.residence() == seen) {
                return false; // otherwise all may have moved on before it was looked at
            }
        }
    }
}
