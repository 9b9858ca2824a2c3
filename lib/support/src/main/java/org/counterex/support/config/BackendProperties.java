package org.counterex.support.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.counterex.api.backend.CounterBackend;
import org.osgi.framework.Constants;

/**
 * Service properties of a configurable backend, from its settings {@code name}, {@code namespaces} and {@code ranking}.
 * Declarative Services cannot turn settings into service properties of other names, so such a backend registers its
 * service itself, with {@link #properties}.
 *
 * @param type as in {@link CounterBackend#TYPE}
 * @param name as in {@link CounterBackend#NAME}
 * @param namespaces as in {@link CounterBackend#NAMESPACES}
 * @param ranking of the service
 */
public record BackendProperties(String type, String name, List<String> namespaces, int ranking) {

    public BackendProperties {
        namespaces = List.copyOf(namespaces);
    }

    /**
     * Reads the settings. A backend without a name has the name of its factory configuration, the part of the PID after
     * {@code ~}; without a factory configuration, its type.
     *
     * @throws IllegalArgumentException a setting is invalid
     */
    public static BackendProperties of(String type, Settings settings) {
        String pid = settings.text(Constants.SERVICE_PID, "");
        String instance = pid.substring(pid.indexOf('~') + 1);
        return new BackendProperties(
                type, settings.text("name", instance.equals(pid) ? type : instance), settings.list("namespaces"), (int)
                        settings.number("ranking", 0, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    /** Returns the name encoded as part of a file name, valid on every system and without a path separator. */
    public String fileName() {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    /** Returns the properties to register the service with. */
    public Dictionary<String, Object> properties() {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(CounterBackend.TYPE, type);
        properties.put(CounterBackend.NAME, name);
        properties.put(CounterBackend.NAMESPACES, namespaces.toArray(new String[0]));
        properties.put(Constants.SERVICE_RANKING, ranking);
        return properties;
    }
}
