package org.counterex.events.provider;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.counterex.api.CounterEvent;
import org.counterex.api.CounterException;
import org.counterex.api.CounterListener;
import org.counterex.api.Counters;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.RegistryListener;

/**
 * Listener that records which counters may have changed, and compares their values with one threshold when it is asked
 * to check.
 *
 * <p><b>Invariant.</b> {@link #above} holds the counters that were reported above the threshold and not found below it
 * since; only {@link #check}, which one thread calls, accesses it. A counter is reported when it is added to this set,
 * hence once for each crossing. A counter is removed from the set of changed ones before its value is read: a change
 * after the read adds it again.
 *
 * <p>The value is read from the counter, never taken from an event, because events of concurrent callers arrive in any
 * order. Counters of a backend that does not respond are checked again later.
 */
final class ThresholdWatcher implements CounterListener, RegistryListener {

    /** Number of checks after which failed reads are repeated. */
    private static final int RETRY_INTERVAL = 10;

    /** The full name of a counter. */
    record Name(String namespace, String key) {}

    /** Callback for counters that have crossed the threshold. */
    interface Crossing {
        void crossed(String namespace, String key, long value);
    }

    private final ThresholdSettings settings;
    private final Counters counters;
    private final Crossing crossing;

    /** Counters to check. */
    private final Set<Name> changed = ConcurrentHashMap.newKeySet();

    /** Namespaces of which all counters are to be checked. */
    private final Set<String> changedNamespaces = ConcurrentHashMap.newKeySet();

    /** Whether all namespaces are to be checked. */
    private volatile boolean allChanged = true;

    private final Set<String> failed = new HashSet<>();
    private final Set<Name> above = new HashSet<>();
    private int checks;

    ThresholdWatcher(ThresholdSettings settings, Counters counters, Crossing crossing) {
        this.settings = settings;
        this.counters = counters;
        this.crossing = crossing;
    }

    @Override
    public void onOperation(CounterEvent event) {
        if (event.key().isEmpty()) {
            changedNamespaces.add(event.namespace());
        } else if (settings.isForKey(event.key())) {
            changed.add(new Name(event.namespace(), event.key()));
        }
    }

    @Override
    public void onDropped(long events) {
        allChanged = true;
    }

    /** The target backend may have contributed counters of its own, or additions collected while it was detached. */
    @Override
    public void moved(MoveDTO move) {
        if (settings.isForNamespace(move.namespace)) {
            changedNamespaces.add(move.namespace);
        }
    }

    /** Checks the counters that may have changed. For one thread. */
    void check() {
        if (++checks % RETRY_INTERVAL == 0) {
            changedNamespaces.addAll(failed);
            failed.clear();
        }
        if (allChanged) {
            allChanged = false;
            above.forEach(name -> changedNamespaces.add(name.namespace()));
            try {
                counters.namespaces().stream().filter(settings::isForNamespace).forEach(changedNamespaces::add);
            } catch (CounterException e) {
                allChanged = true;
            }
        }
        drain(changedNamespaces, this::checkNamespace);
        drain(changed, this::checkCounter);
    }

    private static <T> void drain(Set<T> pending, Consumer<T> action) {
        for (T each : pending) {
            pending.remove(each);
            action.accept(each);
        }
    }

    private void checkCounter(Name name) {
        try {
            compare(name, counters.namespace(name.namespace()).get(name.key()));
        } catch (CounterException e) {
            failed.add(name.namespace());
        }
    }

    private void checkNamespace(String namespace) {
        Map<String, Long> all;
        try {
            all = new HashMap<>(counters.namespace(namespace).getAll());
        } catch (CounterException e) {
            failed.add(namespace);
            return;
        }
        Predicate<Name> absent = name -> name.namespace().equals(namespace) && !all.containsKey(name.key());
        above.removeIf(absent);
        all.forEach((key, value) -> {
            if (settings.isForKey(key)) {
                compare(new Name(namespace, key), OptionalLong.of(value));
            }
        });
    }

    private void compare(Name name, OptionalLong value) {
        if (value.isEmpty() || value.getAsLong() < settings.value()) {
            above.remove(name);
        } else if (above.add(name)) {
            crossing.crossed(name.namespace(), name.key(), value.getAsLong());
        }
    }
}
