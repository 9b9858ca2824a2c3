package org.counterex.api.backend.table;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.counterex.api.CasResult;
import org.counterex.api.CounterNames;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Base class of backends that hold counters in memory. The registry obtains <em>tables</em> and operates on their cells
 * directly, so that an operation on an existing counter involves neither this object nor any lock. A subclass
 * implements a {@link CellTable} and {@link #newTable}.
 *
 * <p>A table backend serves either a registry or direct callers. Until a registry binds it, every operation of {@link
 * CounterBackend} may be called directly; counters created that way are taken over by the registry. From then on
 * operations that read still work, and those that change counters throw {@link IllegalStateException}, because they
 * could not be exact while the registry moves counters.
 */
@ProviderType
public abstract class TableBackend implements CounterBackend {

    /** Counters of one namespace that direct callers created. Its monitor is the key lock of all its keys. */
    private static final class Direct {
        private volatile CellTable table;

        Direct(CellTable table) {
            this.table = table;
        }
    }

    private final String type;
    private final String name;
    private final OptionalLong capacity;
    private final Map<String, Direct> direct = new ConcurrentHashMap<>();
    private final Map<String, CellTable> active = new ConcurrentHashMap<>();
    private volatile boolean bound;

    /**
     * Creates a backend.
     *
     * @param type as in {@link CounterBackend#TYPE}
     * @param name as in {@link CounterBackend#NAME}
     * @param capacity the number of counters that each namespace can hold; empty if there is no bound
     */
    protected TableBackend(String type, String name, OptionalLong capacity) {
        this.type = type;
        this.name = name;
        this.capacity = capacity;
    }

    /** Creates an empty table. */
    protected abstract CellTable newTable(String namespace);

    /** Returns the entries of {@link BackendInfo#details} in addition to the figures of capacity. */
    protected abstract Map<String, String> details();

    /** Called after the registry has discarded a table whose counters were transferred. */
    protected void onDiscarded(CellTable table) {}

    /**
     * Ends direct calls. For the registry that binds this backend.
     *
     * @return the tables that direct callers have filled or an earlier registry has left, which no other thread uses
     *     any more; empty ones are discarded
     */
    public final List<CellTable> takeTables() {
        bound = true;
        return direct.keySet().stream()
                .map(direct::remove)
                .map(given -> {
                    synchronized (given) { // waits for a direct call in progress
                        return given.table;
                    }
                })
                .filter(this::hasCounters)
                .toList();
    }

    private boolean hasCounters(CellTable table) {
        if (table.size() == 0) {
            onDiscarded(table);
            return false;
        }
        return true;
    }

    /** Returns a new, empty table of a namespace. For the registry. */
    public final CellTable create(String namespace) {
        return newTable(namespace);
    }

    /** Makes a table the one that {@link #info} reports for its namespace. For the registry. */
    public final void activate(CellTable table) {
        active.put(table.namespace(), table);
    }

    /** Discards a table whose counters were transferred. For the registry. */
    public final void discard(CellTable table) {
        active.remove(table.namespace(), table);
        onDiscarded(table);
    }

    /**
     * Leaves a table here for the next registry that binds this backend, which retains its values. For the registry.
     */
    public final void retain(CellTable table) {
        direct.put(table.namespace(), new Direct(table));
    }

    @Override
    public final BackendInfo info() {
        Map<String, Long> sizes = new HashMap<>();
        direct.forEach((namespace, given) -> sizes.put(namespace, given.table.size()));
        active.forEach((namespace, table) -> sizes.put(namespace, table.size()));
        sizes.values().removeIf(size -> size == 0);
        Map<String, String> details = new LinkedHashMap<>(details());
        capacity.ifPresent(most -> sizes.forEach((namespace, size) -> {
            details.put("utilization." + namespace, 100 * size / most + " %");
            details.put("free." + namespace, Long.toString(Math.max(0, most - size)));
        }));
        BackendInfo info = BackendInfo.of(type, name, sizes).withDetails(details);
        return capacity.isPresent() ? info.withCapacity(capacity.getAsLong()) : info;
    }

    @Override
    public final long inc(String namespace, String key, long step, long initial) {
        return step(namespace, key, new CellUpdate.Add(representable(step), representable(initial)));
    }

    @Override
    public final OptionalLong get(String namespace, String key) {
        CounterNames.check("key", key);
        CellTable table = readable(namespace);
        long value = table == null ? Cell.SEALED : valueIn(table, key);
        Direct given = direct.get(namespace);
        if (value == Cell.SEALED && given != null) {
            synchronized (given) { // the thread that sealed the cell holds the monitor and may publish a successor
                value = valueIn(given.table, key);
            }
        }
        return value == Cell.SEALED ? OptionalLong.empty() : OptionalLong.of(value);
    }

    @Override
    public final long set(String namespace, String key, long value) {
        return step(namespace, key, new CellUpdate.Put(representable(value), false));
    }

    @Override
    public final long reset(String namespace, String key, long initial) {
        return step(namespace, key, new CellUpdate.Put(representable(initial), true));
    }

    @Override
    public final void delete(String namespace, String key) {
        take(namespace, key);
    }

    @Override
    public final OptionalLong take(String namespace, String key) {
        CounterNames.check("key", key);
        return withTable(namespace, table -> table.remove(key));
    }

    @Override
    public final Map<String, Long> getAll(String namespace) {
        CounterNames.check("namespace", namespace);
        Map<String, Long> all = new HashMap<>();
        CellTable opened = active.get(namespace);
        Direct given = direct.get(namespace);
        if (opened != null) {
            addAll(namespace, opened, all);
        } else if (given != null) {
            synchronized (given) { // while an exhausted table is rebuilt its counters are in two tables
                addAll(namespace, given.table, all);
            }
        }
        return all;
    }

    private void addAll(String namespace, CellTable table, Map<String, Long> all) {
        table.forEachKey(key -> get(namespace, key).ifPresent(value -> all.put(key, value)));
    }

    @Override
    public final void deleteNamespace(String namespace) {
        drain(namespace);
    }

    @Override
    public final CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        CellUpdate.Swap swap = new CellUpdate.Swap(representable(expected), representable(newValue));
        long value = step(namespace, key, swap);
        return new CasResult(swap.swapped(), value);
    }

    @Override
    public final Map<String, Long> drain(String namespace) {
        return withTable(namespace, table -> {
            Map<String, Long> taken = new HashMap<>();
            table.forEachKey(key -> table.remove(key).ifPresent(value -> taken.put(key, value)));
            return taken;
        });
    }

    private long step(String namespace, String key, CellUpdate step) {
        CounterNames.check("key", key);
        return withTable(namespace, table -> {
            long value = table.apply(key, step);
            if (value != Cell.SEALED) {
                return value;
            }
            CellTable successor = rebuilt(table);
            direct.get(namespace).table = successor;
            return successor.apply(key, step);
        });
    }

    /** Returns a new table with the same counters, in which all other slots are free. */
    private CellTable rebuilt(CellTable exhausted) {
        CellTable successor = newTable(exhausted.namespace());
        successor.presize(exhausted.size());
        successor.reserve(exhausted.size());
        exhausted.forEachKey(key -> {
            Cell cell = exhausted.find(key);
            if (cell != null && cell.get() != Cell.SEALED) {
                successor.insert(key, cell);
                exhausted.removeMoved(key, cell);
            }
        });
        return successor;
    }

    /**
     * Runs an action on the table of direct callers under its monitor, and waits outside of it until the result is
     * durable.
     */
    private <R> R withTable(String namespace, Function<CellTable, R> action) {
        CounterNames.check("namespace", namespace);
        Direct given = direct.computeIfAbsent(namespace, absent -> new Direct(newTable(absent)));
        R result;
        CellTable used;
        synchronized (given) {
            if (bound) {
                direct.remove(namespace, given);
                throw new IllegalStateException("backend is bound by a registry, count through Counters: backend="
                        + name + " namespace=" + CounterNames.printable(namespace));
            }
            result = action.apply(given.table);
            used = given.table;
        }
        used.awaitDurable();
        return result;
    }

    private CellTable readable(String namespace) {
        CounterNames.check("namespace", namespace);
        CellTable opened = active.get(namespace);
        Direct given = opened == null ? direct.get(namespace) : null;
        return given == null ? opened : given.table;
    }

    private static long valueIn(CellTable table, String key) {
        Cell cell = table.find(key);
        return cell == null ? Cell.SEALED : cell.get();
    }

    private static long representable(long value) {
        if (value == Long.MIN_VALUE) {
            throw new IllegalArgumentException("number is reserved: value=" + value + " lowest=" + -Long.MAX_VALUE);
        }
        return value;
    }
}
