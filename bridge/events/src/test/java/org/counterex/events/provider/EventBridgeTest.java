package org.counterex.events.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.MoveDTO;
import org.junit.Test;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/** Events of the registry are posted with strings and numbers only. */
public class EventBridgeTest {

    private final List<Event> posted = new ArrayList<>();

    private final EventBridge bridge = new EventBridge(new EventAdmin() {
        @Override
        public void postEvent(Event event) {
            posted.add(event);
        }

        @Override
        public void sendEvent(Event event) {
            throw new AssertionError("sent synchronously: " + event);
        }
    });

    private void assertPosted(String topic, String... properties) {
        Event event = posted.get(posted.size() - 1);
        assertEquals(topic, event.getTopic());
        List<String> texts = new ArrayList<>();
        for (String key : event.getPropertyNames()) {
            Object value = event.getProperty(key);
            assertTrue(key, value instanceof String || value instanceof Long || value instanceof Integer);
            if (!key.startsWith("event.") && !key.equals("timestamp")) {
                texts.add(key + "=" + value);
            }
        }
        texts.sort(null);
        assertEquals(Arrays.asList(properties), texts);
        assertTrue(event.containsProperty("timestamp"));
    }

    private static BackendDTO backend() {
        BackendDTO dto = new BackendDTO();
        dto.type = "ets";
        dto.name = "main";
        dto.claims = List.of();
        dto.ranking = 3;
        dto.serviceId = 7;
        dto.bundle = "b 1.0.0";
        dto.retention = BackendDTO.Retention.NONE;
        return dto;
    }

    private static final String[] BACKEND = {
        "backend=ets/main", "bundle=b 1.0.0", "name=main", "ranking=3", "retention=none", "serviceId=7", "type=ets"
    };

    @Test
    public void registryEvents_areAllPosted() {
        bridge.backendArrived(backend());
        assertPosted("org/counterex/backend/ARRIVED", BACKEND);
        bridge.backendLeft(backend());
        assertPosted("org/counterex/backend/LEFT", BACKEND);
        MoveDTO move = new MoveDTO();
        move.id = 1;
        move.time = 2;
        move.namespace = "ns";
        move.from = "ets/main";
        move.to = "parking";
        move.cause = "swap";
        move.counters = 3;
        move.sum = "18446744073709551616";
        move.durationUs = 4;
        move.outcome = MoveDTO.Outcome.REFUSED;
        move.reason = "because";
        bridge.moved(move);
        assertPosted(
                "org/counterex/namespace/MOVED",
                "cause=swap",
                "counters=3",
                "durationUs=4",
                "from=ets/main",
                "id=1",
                "namespace=ns",
                "outcome=refused",
                "reason=because",
                "sum=18446744073709551616",
                "time=2",
                "to=parking");
        bridge.capacityExceeded("ns", "ets/main", "full");
        assertPosted("org/counterex/namespace/CAPACITY_EXCEEDED", "backend=ets/main", "namespace=ns", "reason=full");
        bridge.swept("ns", 5, "6");
        assertPosted("org/counterex/namespace/SWEPT", "counters=5", "namespace=ns", "sum=6");
        assertEquals(5, posted.size());
    }
}
