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
 * Watches counters for one threshold: notes which of them may have changed, and looks at their values later.
 *
 * <p><b>Invariant.</b> {@link #above} has the counters that were told to be above the threshold and were not seen below it
 * since; only {@link #look}, which one thread calls, touches it. What is told is told when a counter gets into it, so never
 * twice for one crossing. A note is taken away before the counter is looked at: a change after the look leaves another.
 *
 * <p>A value is that of the counter at the look, never that of an event, as events of several callers come in any order. A
 * counter whose backend does not answer is looked at again a while later.
 */
final class ThresholdWatcher implements CounterListener, RegistryListener {

    /** After so many looks, what failed is tried again. */
    private static final int PAUSE = 10;

    /** A counter. */
    record Name(String namespace, String key) {}

    /** Is told of a counter that has crossed the threshold. */
    interface Crossing {
        void crossed(String namespace, String key, long value);
    }

    private final ThresholdSettings settings;
    private final Counters counters;
    private final Crossing crossing;

    /** Counters to look at. */
    private final Set<Name> changed = ConcurrentHashMap.newKeySet();

    /** Namespaces to look at as a whole. */
    private final Set<String> unsure = ConcurrentHashMap.newKeySet();

    /** Whether to look at every namespace. */
    private volatile boolean everything = true;

    private final Set<String> failed = new HashSet<>();
    private final Set<Name> above = new HashSet<>();
    private int looks;

    ThresholdWatcher(ThresholdSettings settings, Counters counters, Crossing crossing) {
        this.settings = settings;
        this.counters = counters;
        this.crossing = crossing;
    }

    @Override
    public void onOperation(CounterEvent event) {
        if (event.key().isEmpty()) {
            unsure.add(event.namespace());
        } else if (settings.isForKey(event.key())) {
            changed.add(new Name(event.namespace(), event.key()));
        }
    }

    @Override
    public void onDropped(long events) {
        everything = true;
    }

    /** A backend may have come with counters of its own, or with what was added while it was away. */
    @Override
    public void moved(MoveDTO move) {
        if (settings.isForNamespace(move.namespace)) {
            unsure.add(move.namespace);
        }
    }

    /** Looks at what may have changed. For one thread. */
    void look() {
        if (++looks % PAUSE == 0) {
            unsure.addAll(failed);
            failed.clear();
        }
        if (everything) {
            everything = false;
            above.forEach(name -> unsure.add(name.namespace()));
            try {
                counters.namespaces().stream().filter(settings::isForNamespace).forEach(unsure::add);
            } catch (CounterException e) {
                everything = true;
            }
        }
        taken(unsure, this::lookAtAll);
        taken(changed, this::lookAt);
    }

    private static <T> void taken(Set<T> notes, Consumer<T> action) {
        for (T note : notes) {
            notes.remove(note);
            action.accept(note);
        }
    }

    private void lookAt(Name name) {
        try {
            judge(name, counters.namespace(name.namespace()).get(name.key()));
        } catch (CounterException e) {
            failed.add(name.namespace());
        }
    }

    private void lookAtAll(String namespace) {
        Map<String, Long> all;
        try {
            all = new HashMap<>(counters.namespace(namespace).getAll());
        } catch (CounterException e) {
            failed.add(namespace);
            return;
        }
        Predicate<Name> gone = name -> name.namespace().equals(namespace) && !all.containsKey(name.key());
        above.removeIf(gone);
        all.forEach((key, value) -> {
            if (settings.isForKey(key)) {
                judge(new Name(namespace, key), OptionalLong.of(value));
            }
        });
    }

    private void judge(Name name, OptionalLong value) {
        if (value.isEmpty() || value.getAsLong() < settings.value()) {
            above.remove(name);
        } else if (above.add(name)) {
            crossing.crossed(name.namespace(), name.key(), value.getAsLong());
        }
    }
}
