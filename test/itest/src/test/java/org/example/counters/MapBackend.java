package org.example.counters;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.counterex.api.CasResult;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.propertytypes.BackendType;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Third-party backend without tables: each counter is an entry of a concurrent map. Like a backend that closes a
 * connection, it fails if it is called after its deactivation. It does not check the range of values.
 */
@Component(immediate = true)
@BackendType(backend = "map")
public class MapBackend implements CounterBackend {

    private final Map<String, Map<String, Long>> namespaces = new ConcurrentHashMap<>();

    private volatile boolean deactivated;

    @Deactivate
    public void deactivate() {
        deactivated = true;
    }

    private void requireActive() {
        if (deactivated) {
            throw new IllegalStateException("called after deactivation");
        }
    }

    private Map<String, Long> counters(String namespace) {
        requireActive();
        return namespaces.computeIfAbsent(namespace, absent -> new ConcurrentHashMap<>());
    }

    @Override
    public long inc(String namespace, String key, long step, long initial) {
        return counters(namespace).compute(key, (k, current) -> (current == null ? initial : current) + step);
    }

    @Override
    public OptionalLong get(String namespace, String key) {
        Long current = counters(namespace).get(key);
        return current == null ? OptionalLong.empty() : OptionalLong.of(current);
    }

    @Override
    public long set(String namespace, String key, long value) {
        counters(namespace).put(key, value);
        return value;
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return set(namespace, key, initial);
    }

    @Override
    public void delete(String namespace, String key) {
        counters(namespace).remove(key);
    }

    @Override
    public Map<String, Long> getAll(String namespace) {
        return new HashMap<>(counters(namespace));
    }

    @Override
    public void deleteNamespace(String namespace) {
        counters(namespace).clear();
    }

    @Override
    public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        CasResult[] result = new CasResult[1];
        counters(namespace).compute(key, (k, current) -> {
            long found = current == null ? 0 : current;
            result[0] = found == expected ? new CasResult(true, newValue) : new CasResult(false, found);
            return found == expected ? Long.valueOf(newValue) : current;
        });
        return result[0];
    }

    @Override
    public BackendInfo info() {
        requireActive();
        Map<String, Long> sizes = new HashMap<>();
        namespaces.forEach((namespace, counters) -> sizes.put(namespace, (long) counters.size()));
        return BackendInfo.of("map", "map", sizes);
    }
}
