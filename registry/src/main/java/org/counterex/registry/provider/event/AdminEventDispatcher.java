package org.counterex.registry.provider.event;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.RegistryListener;
import org.counterex.support.log.ServiceLog;

/**
 * Dispatcher of administrative events to the {@link RegistryListener}s. Publishing only adds the event to a queue, and
 * does nothing while no listener is bound.
 */
public final class AdminEventDispatcher implements EventQueue.Receiver<Consumer<RegistryListener>> {

    private static final long CAPACITY_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final ServiceLog log;
    private final DispatchThreads dispatchThreads;
    private final EventQueue<Consumer<RegistryListener>> queue = new EventQueue<>(this);
    private final List<ListenerInvoker<RegistryListener>> listeners = new CopyOnWriteArrayList<>();

    /** By namespace, when a full namespace was last reported, as {@link System#nanoTime}. */
    private final Map<String, Long> capacityReported = new ConcurrentHashMap<>();

    private boolean started;

    public AdminEventDispatcher(ServiceLog log, DispatchThreads dispatchThreads) {
        this.log = log;
        this.dispatchThreads = dispatchThreads;
    }

    public synchronized void bind(RegistryListener listener) {
        listeners.add(new ListenerInvoker<>(log, listener));
        if (!started) {
            started = true;
            dispatchThreads.start(queue, "counterex-events");
        }
    }

    /**
     * Removes a listener, and waits for the call in progress, if any: afterwards the listener is not called any more.
     */
    public void unbind(RegistryListener listener) {
        listeners.removeIf(invoker -> invoker.listener() == listener);
        if (!queue.awaitReturn(ListenerRegistry.RETURN_TIMEOUT_MS)) {
            log.warn("timed out waiting for a listener to return: unregistered="
                    + listener.getClass().getName());
        }
    }

    /** Stops dispatching: no listener is called any more. */
    public void stop() {
        queue.close(ListenerRegistry.RETURN_TIMEOUT_MS);
    }

    @Override
    public void receive(Consumer<RegistryListener> event) {
        for (ListenerInvoker<RegistryListener> listener : listeners) {
            if (listeners.contains(listener)) { // it may have been unbound while another one was called
                listener.call(event);
            }
        }
    }

    @Override
    public void dropped(long items) {
        log.warn("listeners are too slow, events were dropped: events=" + items);
    }

    private void publish(Consumer<RegistryListener> event) {
        if (!listeners.isEmpty()) {
            queue.offer(event);
        }
    }

    public void backendArrived(BackendDTO backend) {
        publish(listener -> listener.backendArrived(backend));
    }

    public void backendLeft(BackendDTO backend) {
        publish(listener -> listener.backendLeft(backend));
    }

    public void moved(MoveDTO move) {
        publish(listener -> listener.moved(move));
    }

    public void swept(String namespace, long counters, String sum) {
        publish(listener -> listener.swept(namespace, counters, sum));
    }

    /** Publishes that a namespace is full, at most once a second for each namespace. */
    public void capacityExceeded(String namespace, String backend, String reason) {
        if (listeners.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        Long last = capacityReported.get(namespace);
        if (last == null
                ? capacityReported.putIfAbsent(namespace, now) == null
                : now - last > CAPACITY_INTERVAL_NS && capacityReported.replace(namespace, last, now)) {
            publish(listener -> listener.capacityExceeded(namespace, backend, reason));
        }
    }
}
