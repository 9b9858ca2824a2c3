package org.counterex.events.provider;

import java.util.HashMap;
import java.util.Map;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;

/** The topics of events, and how one is made. The properties of events are texts and numbers, so that any bundle can read them. */
final class Topics {

    static final String BACKEND_ARRIVED = "org/counterex/backend/ARRIVED";
    static final String BACKEND_LEFT = "org/counterex/backend/LEFT";
    static final String NAMESPACE_MOVED = "org/counterex/namespace/MOVED";
    static final String NAMESPACE_CAPACITY_EXCEEDED = "org/counterex/namespace/CAPACITY_EXCEEDED";
    static final String NAMESPACE_SWEPT = "org/counterex/namespace/SWEPT";
    static final String THRESHOLD_CROSSED = "org/counterex/threshold/CROSSED";

    private Topics() {}

    /** An event of this moment. */
    static Event event(String topic, Map<String, ?> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(EventConstants.TIMESTAMP, System.currentTimeMillis());
        return new Event(topic, all);
    }
}
