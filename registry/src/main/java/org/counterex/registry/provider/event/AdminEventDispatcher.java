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
 * Tells {@link RegistryListener}s what happens seldom. Whoever tells something leaves it here and goes on; nothing is kept as long
 * as nobody listens.
 */
public final class AdminEventDispatcher implements EventQueue.Receiver<Consumer<RegistryListener>> {

    private static final long CAPACITY_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private final ServiceLog log;
    private final DispatchThreads couriers;
    private final EventQueue<Consumer<RegistryListener>> postbox = new EventQueue<>(this);
    private final List<ListenerInvoker<RegistryListener>> listeners = new CopyOnWriteArrayList<>();

    /** When it was last told that a namespace is full, by {@link System#nanoTime}. */
    private final Map<String, Long> full = new ConcurrentHashMap<>();

    private boolean served;

    public AdminEventDispatcher(ServiceLog log, DispatchThreads couriers) {
        this.log = log;
        this.couriers = couriers;
    }

    public synchronized void bind(RegistryListener listener) {
        listeners.add(new ListenerInvoker<>(log, listener));
        if (!served) {
            served = true;
            couriers.start(postbox, "counterex-events");
        }
    }

    /** A listener leaves: when this returns it is not called any more. */
    public void unbind(RegistryListener listener) {
        listeners.removeIf(known -> known.listener() == listener);
        if (!postbox.awaitReturn(ListenerRegistry.LEAVE_MS)) {
            log.warn("a listener has left and one does not return: left="
                    + listener.getClass().getName());
        }
    }

    /** Nobody is told anything more. */
    public void stop() {
        postbox.close(ListenerRegistry.LEAVE_MS);
    }

    @Override
    public void receive(Consumer<RegistryListener> event) {
        for (ListenerInvoker<RegistryListener> listener : listeners) {
            if (listeners.contains(listener)) { // it may have left while another one was told
                listener.call(event);
            }
        }
    }

    @Override
    public void dropped(long items) {
        log.warn("listeners are too slow and are not told everything: events=" + items);
    }

    private void tell(Consumer<RegistryListener> event) {
        if (!listeners.isEmpty()) {
            postbox.offer(event);
        }
    }

    public void backendArrived(BackendDTO backend) {
        tell(listener -> listener.backendArrived(backend));
    }

    public void backendLeft(BackendDTO backend) {
        tell(listener -> listener.backendLeft(backend));
    }

    public void moved(MoveDTO move) {
        tell(listener -> listener.moved(move));
    }

    public void swept(String namespace, long counters, String sum) {
        tell(listener -> listener.swept(namespace, counters, sum));
    }

    /** Tells it once in a while, however often callers are refused. */
    public void capacityExceeded(String namespace, String backend, String reason) {
        if (listeners.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        Long last = full.get(namespace);
        if (last == null
                ? full.putIfAbsent(namespace, now) == null
                : now - last > CAPACITY_PAUSE_NS && full.replace(namespace, last, now)) {
            tell(listener -> listener.capacityExceeded(namespace, backend, reason));
        }
    }
}
