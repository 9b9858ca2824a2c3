package org.counterex.registry.provider.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.counterex.api.CounterEvent;
import org.counterex.api.CounterEvent.Operation;
import org.counterex.api.CounterListener;
import org.counterex.api.Glob;
import org.counterex.support.config.Settings;
import org.counterex.support.log.ServiceLog;

/**
 * Which listener is told of what. Each namespace knows who listens to it, or that nobody does, so that a call has nothing to
 * look up; that is worked out anew here whenever a listener comes, changes or leaves.
 *
 * <p><b>Invariant.</b> Under the lock of this object, every namespace that is listed has the observer that follows from
 * {@link #subscriptions}. A new namespace takes the observer that it finds when it is made, and is {@linkplain #refresh
 * looked at} again when it is listed: so a change meanwhile is not missed.
 *
 * <p>No listener is called by any thread but its courier, and nothing foreign under the lock.
 */
public final class ListenerRegistry {

    /** How long a listener that leaves may take to come back from a call. */
    static final long LEAVE_MS = 2_000;

    /** A listener with its filter, and what waits for it. */
    private record Subscription(List<Glob> namespaces, Set<Operation> operations, EventQueue<CounterEvent> postbox) {

        boolean isFor(String namespace) {
            return namespaces.isEmpty() || namespaces.stream().anyMatch(glob -> glob.matches(namespace));
        }
    }

    /** Hands events to a listener. */
    private static final class Receiver implements EventQueue.Receiver<CounterEvent> {

        private final ListenerInvoker<CounterListener> listener;

        Receiver(ListenerInvoker<CounterListener> listener) {
            this.listener = listener;
        }

        @Override
        public void receive(CounterEvent event) {
            listener.call(to -> to.onOperation(event));
        }

        @Override
        public void dropped(long events) {
            listener.call(to -> to.onDropped(events));
        }
    }

    private final ServiceLog log;
    private final DispatchThreads couriers;
    private final Map<CounterListener, Subscription> byListener = new IdentityHashMap<>();

    private volatile List<Subscription> subscriptions = List.of();
    private volatile Collection<? extends SubscriptionTarget> targets = List.of();

    public ListenerRegistry(ServiceLog log, DispatchThreads couriers) {
        this.log = log;
        this.couriers = couriers;
    }

    /** @param all a live view of every namespace that is listed */
    public void setTargets(Collection<? extends SubscriptionTarget> all) {
        targets = all;
    }

    /** A listener has come, or its properties have changed. If they make no sense it is told nothing, from now on. */
    public void bind(CounterListener listener, Map<String, ?> properties) {
        List<Glob> globs;
        Set<Operation> operations;
        try {
            Settings settings = new Settings(properties);
            globs = properties.containsKey(CounterListener.NAMESPACES)
                    ? settings.globs(CounterListener.NAMESPACES)
                    : List.of();
            operations = operations(settings);
        } catch (IllegalArgumentException e) {
            log.error("a listener is refused: listener=" + listener.getClass().getName() + " reason=" + e.getMessage());
            unbind(listener);
            return;
        }
        synchronized (this) {
            Subscription former = byListener.get(listener);
            EventQueue<CounterEvent> postbox = former == null
                    ? new EventQueue<>(new Receiver(new ListenerInvoker<>(log, listener)))
                    : former.postbox();
            byListener.put(listener, new Subscription(globs, operations, postbox));
            change();
            if (former == null) {
                couriers.start(postbox, "counterex-listener");
            }
        }
    }

    private static Set<Operation> operations(Settings settings) {
        List<String> texts = settings.list(CounterListener.OPERATIONS);
        Set<Operation> named = EnumSet.noneOf(Operation.class);
        for (String text : texts) {
            named.add(Stream.of(Operation.values())
                    .filter(operation -> operation.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> settings.refused(
                            CounterListener.OPERATIONS,
                            Stream.of(Operation.values()).map(Operation::text).collect(Collectors.joining(",")))));
        }
        return named.isEmpty() ? EnumSet.allOf(Operation.class) : named;
    }

    /** A listener leaves: when this returns it is not called any more. */
    public void unbind(CounterListener listener) {
        Subscription former;
        synchronized (this) {
            former = byListener.remove(listener);
            change();
        }
        if (former != null && !former.postbox().close(LEAVE_MS)) {
            log.warn("a listener has left and does not return: listener="
                    + listener.getClass().getName());
        }
    }

    /** Every listener is told nothing more. */
    public void stop() {
        List<CounterListener> all;
        synchronized (this) {
            all = new ArrayList<>(byListener.keySet());
        }
        all.forEach(this::unbind);
    }

    private void change() {
        subscriptions = List.copyOf(byListener.values());
        targets.forEach(this::refresh);
    }

    /** Assigns a namespace the queues of the listeners that subscribe to it now. */
    public synchronized void refresh(SubscriptionTarget target) {
        target.setQueues(queues(target.name()));
    }

    /** Returns, by operation, the queues that receive the events of a namespace; empty if no listener subscribes to it. */
    public Map<Operation, List<EventQueue<CounterEvent>>> queues(String namespace) {
        Map<Operation, List<EventQueue<CounterEvent>>> queues = new EnumMap<>(Operation.class);
        for (Subscription subscription : subscriptions) {
            if (subscription.isFor(namespace)) {
                for (Operation operation : subscription.operations()) {
                    queues.computeIfAbsent(operation, first -> new ArrayList<>())
                            .add(subscription.postbox());
                }
            }
        }
        return queues;
    }
}
