package org.counterex.jmx.provider;

import java.math.BigInteger;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.management.JMException;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.NamespaceDTO;

/** Asks the registry at each call, and keeps nothing. Thread-safe. */
final class NamespaceBean implements NamespaceMXBean {

    /** More would be no answer to read. */
    private static final int MOST_LISTED = 10_000;

    private final String name;
    private final CounterNamespace counters;
    private final BackendRegistry registry;

    NamespaceBean(String name, Counters counters, BackendRegistry registry) {
        this.name = name;
        this.counters = counters.namespace(name);
        this.registry = registry;
    }

    private NamespaceDTO explained() {
        return registry.explain(name);
    }

    @Override
    public String getNamespace() {
        return name;
    }

    @Override
    public long getCounters() {
        return explained().counters;
    }

    @Override
    public BigInteger getTotal() throws JMException {
        return Formats.of(() -> {
            BigInteger[] total = {BigInteger.ZERO};
            counters.forEach((key, value) -> total[0] = total[0].add(BigInteger.valueOf(value)));
            return total[0];
        });
    }

    @Override
    public String getHome() {
        return explained().backend;
    }

    @Override
    public String getResolved() {
        return explained().targetBackend;
    }

    @Override
    public String getReason() {
        return explained().reason;
    }

    @Override
    public boolean isMoving() {
        return explained().moving;
    }

    @Override
    public Long get(String key) throws JMException {
        return Formats.of(() -> {
            var value = counters.get(key);
            return value.isPresent() ? (Long) value.getAsLong() : null;
        });
    }

    @Override
    public SortedMap<String, Long> list(String from, int most) throws JMException {
        return Formats.of(() -> {
            if (most < 1 || most > MOST_LISTED) {
                throw new IllegalArgumentException(
                        "parameter is refused: most=" + most + " wanted=a whole number from 1 to " + MOST_LISTED);
            }
            String first = from == null ? "" : from;
            TreeMap<String, Long> listed = new TreeMap<>();
            counters.forEach((key, value) -> {
                if (key.compareTo(first) >= 0) {
                    listed.put(key, value);
                    if (listed.size() > most) {
                        listed.pollLastEntry();
                    }
                }
            });
            return listed;
        });
    }

    @Override
    public long set(String key, long value) throws JMException {
        return Formats.of(() -> counters.set(key, value));
    }

    @Override
    public long reset(String key) throws JMException {
        return Formats.of(() -> counters.reset(key));
    }

    @Override
    public String swap(String backend) throws JMException {
        return Formats.of(() -> Formats.line(registry.swap(name, backend)));
    }
}
