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
 * Base class of backends that keep their counters in memory. The registry obtains <em>tables</em> from it and updates their cells
 * itself, so that a call on an existing counter neither calls this object nor takes a lock. A backend implements a {@link
 * CellTable} and {@link #newTable}.
 *
 * <p>A table backend serves either the registry or direct callers. Before a registry has bound it, every operation of {@link
 * CounterBackend} may be called directly; the counters created that way are adopted by the registry. From then on operations that
 * read still work, and those that change counters throw {@link IllegalStateException}: concurrently with a registry that moves
 * the counters they could not be exact.
 */
@ProviderType
public abstract class TableBackend implements CounterBackend {

    /** Counters of one namespace that direct callers have created. Its monitor is the key lock of all its keys. */
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
    private final Map<String, CellTable> activate = new ConcurrentHashMap<>();
    private volatile boolean bound;

    /**
     * @param type as in {@link CounterBackend#TYPE}
     * @param name as in {@link CounterBackend#NAME}
     * @param capacity the number of counters that each namespace can hold; empty if it is unbounded
     */
    protected TableBackend(String type, String name, OptionalLong capacity) {
        this.type = type;
        this.name = name;
        this.capacity = capacity;
    }

    /** Creates an empty table. */
    protected abstract CellTable newTable(String namespace);

    /** Returns the {@link BackendInfo#details} other than those about capacity. */
    protected abstract Map<String, String> details();

    /** Called after the registry has discarded a table, whose counters were transferred. */
    protected void onDiscarded(CellTable table) {}

    /**
     * Ends direct calls. For the registry that binds this backend.
     *
     * @return the non-empty tables that direct callers have filled or an earlier registry has retained; they are not used any more
     */
    public final List<CellTable> takeTables() {
        bound = true;
        return direct.keySet().stream()
                .map(direct::remove)
                .map(given -> {
                    synchronized (given) { // after this, no thread is inside a direct call
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

    /** Creates a new, empty table of a namespace. For the registry. */
    public final CellTable create(String namespace) {
        return newTable(namespace);
    }

    /** Makes a table the active one of its namespace, which {@link #info} reports. For the registry. */
    public final void activate(CellTable table) {
        activate.put(table.namespace(), table);
    }

    /** Discards a table after its counters were transferred. For the registry. */
    public final void discard(CellTable table) {
        activate.remove(table.namespace(), table);
        onDiscarded(table);
    }

    /** Retains a table for the registry that binds this backend next. For the registry. */
    public final void retain(CellTable table) {
        direct.put(table.namespace(), new Direct(table));
    }

    @Override
    public final BackendInfo info() {
        Map<String, Long> sizes = new HashMap<>();
        direct.forEach((namespace, given) -> sizes.put(namespace, given.table.size()));
        activate.forEach((namespace, table) -> sizes.put(namespace, table.size()));
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
            synchronized (given) { // a sealed cell may be about to get a successor from the holder of the monitor
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
        CellTable opened = activate.get(namespace);
        Direct given = direct.get(namespace);
        if (opened != null) {
            addAll(namespace, opened, all);
        } else if (given != null) {
            synchronized (given) { // the counters of an exhausted table are in two tables while it is rebuilt
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

    /** Returns a new table with the same counters, in which all slots are usable again. */
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

    /** Applies an action to the table of direct callers under its monitor, and awaits durability without it. */
    private <R> R withTable(String namespace, Function<CellTable, R> action) {
        CounterNames.check("namespace", namespace);
        Direct given = direct.computeIfAbsent(namespace, absent -> new Direct(newTable(absent)));
        R result;
        CellTable used;
        synchronized (given) {
            if (bound) {
                direct.remove(namespace, given);
                throw new IllegalStateException("backend is bound by a registry, use Counters instead: backend=" + name
                        + " namespace=" + CounterNames.printable(namespace));
            }
            result = action.apply(given.table);
            used = given.table;
        }
        used.awaitDurable();
        return result;
    }

    private CellTable readable(String namespace) {
        CounterNames.check("namespace", namespace);
        CellTable opened = activate.get(namespace);
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
