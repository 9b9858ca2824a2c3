package org.counterex.shell.provider;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CasResult;
import org.counterex.api.Counter;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.Counters;

/** Counters in plain maps, as a test double for the commands. */
final class MapCounters implements Counters {

    private final ConcurrentMap<String, ConcurrentMap<String, Long>> all = new ConcurrentHashMap<>();
    private final String name;
    private final ConcurrentMap<String, Long> values;
    private final int capacity;

    /** @param capacity number of counters that each namespace holds */
    MapCounters(int capacity) {
        this(DEFAULT_NAMESPACE, new ConcurrentHashMap<>(), capacity);
    }

    private MapCounters(String name, ConcurrentMap<String, Long> values, int capacity) {
        this.name = name;
        this.values = values;
        this.capacity = capacity;
    }

    @Override
    public CounterNamespace namespace(String name) {
        CounterNames.check("namespace", name);
        return new MapCounters(name, all.computeIfAbsent(name, n -> new ConcurrentHashMap<>()), capacity);
    }

    @Override
    public Set<String> namespaces() {
        Set<String> names = new TreeSet<>(all.keySet());
        names.removeIf(n -> all.get(n).isEmpty());
        return names;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long inc(String key, long step, long initial) {
        check(key, step, initial);
        return values.compute(key, (k, value) -> sum(k, value == null ? initial : value, step));
    }

    private void check(String key, long... numbers) {
        CounterNames.check("key", key);
        for (long number : numbers) {
            if (number == Long.MIN_VALUE) {
                throw new IllegalArgumentException("value is reserved: value=" + number);
            }
        }
        if (!values.containsKey(key) && values.size() >= capacity) {
            throw new CapacityExceededException(name, key, capacity);
        }
    }

    private long sum(String key, long value, long step) {
        long sum = value + step;
        if (((value ^ sum) & (step ^ sum)) < 0 || sum == Long.MIN_VALUE) {
            throw new CounterOverflowException(name, key, value + " + " + step, -Long.MAX_VALUE);
        }
        return sum;
    }

    @Override
    public void add(String key, long step) {
        inc(key, step, 0);
    }

    @Override
    public OptionalLong get(String key) {
        Long value = values.get(CounterNames.check("key", key));
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    @Override
    public long set(String key, long value) {
        check(key, value);
        values.put(key, value);
        return value;
    }

    @Override
    public long reset(String key, long initial) {
        return set(key, initial);
    }

    @Override
    public void delete(String key) {
        values.remove(CounterNames.check("key", key));
    }

    @Override
    public CasResult compareAndSwap(String key, long expected, long newValue) {
        check(key, expected, newValue);
        long met = values.getOrDefault(key, 0L);
        if (met == expected) {
            values.put(key, newValue);
        }
        return new CasResult(met == expected, met == expected ? newValue : met);
    }

    @Override
    public Map<String, Long> getAll() {
        return new TreeMap<>(values);
    }

    @Override
    public Map<String, Long> drain() {
        Map<String, Long> taken = getAll();
        values.clear();
        return taken;
    }

    @Override
    public void deleteAll() {
        values.clear();
    }

    @Override
    public Counter counter(String key) {
        return new Counter() {
            @Override
            public String namespace() {
                return name;
            }

            @Override
            public String key() {
                return key;
            }

            @Override
            public long inc(long step, long initial) {
                return MapCounters.this.inc(key, step, initial);
            }

            @Override
            public void add(long step) {
                MapCounters.this.add(key, step);
            }

            @Override
            public OptionalLong get() {
                return MapCounters.this.get(key);
            }

            @Override
            public long set(long value) {
                return MapCounters.this.set(key, value);
            }

            @Override
            public long reset(long initial) {
                return MapCounters.this.reset(key, initial);
            }

            @Override
            public void delete() {
                MapCounters.this.delete(key);
            }

            @Override
            public CasResult compareAndSwap(long expected, long newValue) {
                return MapCounters.this.compareAndSwap(key, expected, newValue);
            }
        };
    }
}
