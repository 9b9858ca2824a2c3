package org.counterex.events.provider;

import java.util.HashMap;
import java.util.Map;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;

/** Topics of the published events. Event properties are strings and numbers, so that every bundle can read them. */
final class Topics {

    /** A backend was bound. */
    static final String BACKEND_ARRIVED = "org/counterex/backend/ARRIVED";

    /** A backend was unbound. */
    static final String BACKEND_LEFT = "org/counterex/backend/LEFT";

    /** A move of a namespace ended, with any outcome. */
    static final String NAMESPACE_MOVED = "org/counterex/namespace/MOVED";

    /** A backend rejected a new counter because it has no room for it. */
    static final String NAMESPACE_CAPACITY_EXCEEDED = "org/counterex/namespace/CAPACITY_EXCEEDED";

    /** A sweep drained a namespace. */
    static final String NAMESPACE_SWEPT = "org/counterex/namespace/SWEPT";

    /** A counter reached a threshold. */
    static final String THRESHOLD_CROSSED = "org/counterex/threshold/CROSSED";

    private Topics() {}

    /** Returns an event with the current time as its timestamp. */
    static Event event(String topic, Map<String, ?> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(EventConstants.TIMESTAMP, System.currentTimeMillis());
        return new Event(topic, all);
    }
}
