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
 * Registry of the {@link CounterListener}s. Assigns to each namespace the queues of the listeners that subscribe to it,
 * so that an operation has nothing to look up; the queues are computed anew whenever a listener is bound, changed or
 * unbound.
 *
 * <p><b>Invariant.</b> When the lock of this object is released, every listed namespace has the queues that follow from
 * {@link #subscriptions}. A new namespace takes the {@linkplain #queues queues} of the moment when it is created, and
 * is {@linkplain #refresh refreshed} after it has been listed, so that a change in between is not missed.
 *
 * <p>A listener is called by its own dispatch thread only. No foreign code is called under the lock.
 */
public final class ListenerRegistry {

    /** How long to wait for the call of a listener that is being unbound. */
    static final long RETURN_TIMEOUT_MS = 2_000;

    /** The filter and the queue of a listener. */
    private record Subscription(List<Glob> namespaces, Set<Operation> operations, EventQueue<CounterEvent> queue) {

        boolean includes(String namespace) {
            return namespaces.isEmpty() || namespaces.stream().anyMatch(glob -> glob.matches(namespace));
        }
    }

    /** The consumer of a queue: calls the listener. */
    private static final class Receiver implements EventQueue.Receiver<CounterEvent> {

        private final ListenerInvoker<CounterListener> listener;

        Receiver(ListenerInvoker<CounterListener> listener) {
            this.listener = listener;
        }

        @Override
        public void receive(CounterEvent event) {
            listener.call(target -> target.onOperation(event));
        }

        @Override
        public void dropped(long events) {
            listener.call(target -> target.onDropped(events));
        }
    }

    private final ServiceLog log;
    private final DispatchThreads dispatchThreads;
    private final Map<CounterListener, Subscription> byListener = new IdentityHashMap<>();

    private volatile List<Subscription> subscriptions = List.of();
    private volatile Collection<? extends SubscriptionTarget> targets = List.of();

    public ListenerRegistry(ServiceLog log, DispatchThreads dispatchThreads) {
        this.log = log;
        this.dispatchThreads = dispatchThreads;
    }

    /** Sets the namespaces to keep up to date; {@code all} is a live view of every listed namespace. */
    public void setTargets(Collection<? extends SubscriptionTarget> all) {
        targets = all;
    }

    /** Adds a listener, or applies its changed properties. If they are invalid the listener is removed. */
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
            log.error("listener rejected: listener=" + listener.getClass().getName() + " reason=" + e.getMessage());
            unbind(listener);
            return;
        }
        synchronized (this) {
            Subscription previous = byListener.get(listener);
            EventQueue<CounterEvent> queue = previous == null
                    ? new EventQueue<>(new Receiver(new ListenerInvoker<>(log, listener)))
                    : previous.queue();
            byListener.put(listener, new Subscription(globs, operations, queue));
            update();
            if (previous == null) {
                dispatchThreads.start(queue, "counterex-listener");
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
                    .orElseThrow(() -> settings.invalid(
                            CounterListener.OPERATIONS,
                            Stream.of(Operation.values()).map(Operation::text).collect(Collectors.joining(",")))));
        }
        return named.isEmpty() ? EnumSet.allOf(Operation.class) : named;
    }

    /**
     * Removes a listener, and waits for the call in progress, if any: afterwards the listener is not called any more.
     */
    public void unbind(CounterListener listener) {
        Subscription previous;
        synchronized (this) {
            previous = byListener.remove(listener);
            update();
        }
        if (previous != null && !previous.queue().close(RETURN_TIMEOUT_MS)) {
            log.warn("timed out waiting for a listener to return: unregistered="
                    + listener.getClass().getName());
        }
    }

    /** Removes all listeners. */
    public void stop() {
        List<CounterListener> all;
        synchronized (this) {
            all = new ArrayList<>(byListener.keySet());
        }
        all.forEach(this::unbind);
    }

    private void update() {
        subscriptions = List.copyOf(byListener.values());
        targets.forEach(this::refresh);
    }

    /** Assigns a namespace the queues of the listeners that subscribe to it now. */
    public synchronized void refresh(SubscriptionTarget target) {
        target.setQueues(queues(target.name()));
    }

    /**
     * Returns, by operation, the queues that receive the events of a namespace; empty if no listener subscribes to it.
     */
    public Map<Operation, List<EventQueue<CounterEvent>>> queues(String namespace) {
        Map<Operation, List<EventQueue<CounterEvent>>> queues = new EnumMap<>(Operation.class);
        for (Subscription subscription : subscriptions) {
            if (subscription.includes(namespace)) {
                for (Operation operation : subscription.operations()) {
                    queues.computeIfAbsent(operation, first -> new ArrayList<>())
                            .add(subscription.queue());
                }
            }
        }
        return queues;
    }
}
