package org.counterex.events.provider;

import java.util.Map;
import org.counterex.api.CounterNames;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.RegistryListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.EventAdmin;

/**
 * Listener that publishes the events of the registry to EventAdmin. It posts them, so the registry never waits for a
 * handler.
 */
@Component(immediate = true)
public final class EventBridge implements RegistryListener {

    private final EventAdmin events;

    @Activate
    public EventBridge(@Reference EventAdmin events) {
        this.events = events;
    }

    @Override
    public void backendArrived(BackendDTO backend) {
        post(Topics.BACKEND_ARRIVED, properties(backend));
    }

    @Override
    public void backendLeft(BackendDTO backend) {
        post(Topics.BACKEND_LEFT, properties(backend));
    }

    private static Map<String, ?> properties(BackendDTO backend) {
        return Map.of(
                "backend", CounterNames.backendLabel(backend.type, backend.name),
                "type", backend.type,
                "name", backend.name,
                "bundle", backend.bundle,
                "retention", backend.retention.text(),
                "ranking", backend.ranking,
                "serviceId", backend.serviceId);
    }

    @Override
    public void moved(MoveDTO move) {
        post(
                Topics.NAMESPACE_MOVED,
                Map.ofEntries(
                        Map.entry("id", move.id),
                        Map.entry("time", move.time),
                        Map.entry("namespace", move.namespace),
                        Map.entry("from", move.from),
                        Map.entry("to", move.to),
                        Map.entry("cause", move.cause),
                        Map.entry("counters", move.counters),
                        Map.entry("sum", move.sum),
                        Map.entry("durationUs", move.durationUs),
                        Map.entry("outcome", move.outcome.text()),
                        Map.entry("reason", move.reason)));
    }

    @Override
    public void capacityExceeded(String namespace, String backend, String reason) {
        post(Topics.NAMESPACE_CAPACITY_EXCEEDED, Map.of("namespace", namespace, "backend", backend, "reason", reason));
    }

    @Override
    public void swept(String namespace, long counters, String sum) {
        post(Topics.NAMESPACE_SWEPT, Map.of("namespace", namespace, "counters", counters, "sum", sum));
    }

    private void post(String topic, Map<String, ?> properties) {
        events.postEvent(Topics.event(topic, properties));
    }
}
