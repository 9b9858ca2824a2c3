package org.counterex.jmx.provider;

import java.math.BigInteger;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.management.JMException;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.NamespaceDTO;

/** MBean of one namespace. Reads the registry at each call and caches nothing. Thread-safe. */
final class NamespaceBean implements NamespaceMXBean {

    /** Bound of one {@link #list}, so that a client cannot request a reply of any size. */
    private static final int MAX_LISTED = 10_000;

    private final String name;
    private final CounterNamespace counters;
    private final BackendRegistry registry;

    NamespaceBean(String name, Counters counters, BackendRegistry registry) {
        this.name = name;
        this.counters = counters.namespace(name);
        this.registry = registry;
    }

    private NamespaceDTO placement() {
        return registry.explain(name);
    }

    @Override
    public String getNamespace() {
        return name;
    }

    @Override
    public long getCounters() {
        return placement().counters;
    }

    @Override
    public BigInteger getTotal() throws JMException {
        return Formats.resultOf(() -> {
            BigInteger[] total = {BigInteger.ZERO};
            counters.forEach((key, value) -> total[0] = total[0].add(BigInteger.valueOf(value)));
            return total[0];
        });
    }

    @Override
    public String getBackend() {
        return placement().backend;
    }

    @Override
    public String getTargetBackend() {
        return placement().targetBackend;
    }

    @Override
    public String getReason() {
        return placement().reason;
    }

    @Override
    public boolean isMoving() {
        return placement().moving;
    }

    @Override
    public Long get(String key) throws JMException {
        return Formats.resultOf(() -> {
            var value = counters.get(key);
            return value.isPresent() ? (Long) value.getAsLong() : null;
        });
    }

    @Override
    public SortedMap<String, Long> list(String from, int limit) throws JMException {
        return Formats.resultOf(() -> {
            if (limit < 1 || limit > MAX_LISTED) {
                throw new IllegalArgumentException(
                        "invalid parameter: limit=" + limit + " expected=a whole number from 1 to " + MAX_LISTED);
            }
            String first = from == null ? "" : from;
            TreeMap<String, Long> listed = new TreeMap<>();
            counters.forEach((key, value) -> {
                if (key.compareTo(first) >= 0) {
                    listed.put(key, value);
                    if (listed.size() > limit) {
                        listed.pollLastEntry();
                    }
                }
            });
            return listed;
        });
    }

    @Override
    public long set(String key, long value) throws JMException {
        return Formats.resultOf(() -> counters.set(key, value));
    }

    @Override
    public long reset(String key) throws JMException {
        return Formats.resultOf(() -> counters.reset(key));
    }

    @Override
    public String swap(String backend) throws JMException {
        return Formats.resultOf(() -> Formats.line(registry.swap(name, backend)));
    }
}
