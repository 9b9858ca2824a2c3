package org.counterex.registry.provider.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.counterex.api.CounterNames;
import org.counterex.api.Glob;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.TableBackend;

/**
 * One bound backend service, from bind to unbind: its properties, its leases, and what has to be cleaned up in it.
 *
 * <p><b>Leases.</b> Placing a namespace in this backend, or calling it without the key locks of a namespace, requires a
 * lease. A backend that is leaving grants no new one, and its evacuation waits until all have been released: afterwards
 * no namespace can be placed in it unnoticed.
 */
public final class BackendHandle {

    /** The order among backends that match equally: higher ranking, then lower service id. */
    public static final Comparator<BackendHandle> ORDER =
            Comparator.comparingInt(BackendHandle::ranking).reversed().thenComparingLong(BackendHandle::id);

    private final CounterBackend service;
    private final String bundle;
    private volatile Map<String, Object> properties;
    private volatile List<Glob> claims;
    private volatile BackendDTO.Retention retention;
    private volatile String label;

    /** By namespace, keys that this backend failed to delete, and whose values in it are therefore invalid. */
    private volatile Map<String, Set<String>> pendingDeletes = new ConcurrentHashMap<>();

    /** By namespace, key locks that were abandoned while held by calls into this backend that may still take effect. */
    private final Map<String, Set<AbandonableLock>> abandonedLocks = new ConcurrentHashMap<>();

    /**
     * By namespace, tables restored by this backend, which retains its values, that no namespace has claimed yet. A
     * table is removed only after the placement that refers to it was published: otherwise a second table could be
     * created meanwhile, whose counters would replace the retained values of the first.
     */
    private final Map<String, CellTable> restored = new ConcurrentHashMap<>();

    private int leases;
    private boolean leaving;
    private volatile boolean closed;

    public BackendHandle(CounterBackend service, Map<String, Object> properties, String bundle) {
        this.service = service;
        this.bundle = bundle;
        update(properties);
    }

    /**
     * Applies the service properties, at bind and whenever they have changed.
     *
     * @throws IllegalArgumentException a claim is not a glob; nothing was applied
     */
    public void update(Map<String, Object> current) {
        BackendDTO.Retention valid = retention(current);
        claims = strings(current.get(CounterBackend.NAMESPACES)).stream()
                .map(Glob::of)
                .toList();
        retention = valid;
        properties = current;
        label = CounterNames.backendLabel(type(), name());
    }

    private static List<String> strings(Object value) {
        if (value instanceof String[] array) {
            return Arrays.asList(array);
        }
        if (value instanceof Iterable<?> items) {
            List<String> all = new ArrayList<>();
            items.forEach(item -> all.add(Objects.toString(item, null)));
            return all;
        }
        return value == null ? List.of() : List.of(value.toString());
    }

    public CounterBackend service() {
        return service;
    }

    /** Returns the service as a table backend; null if it is not one. */
    public TableBackend tables() {
        return service instanceof TableBackend tables ? tables : null;
    }

    public Map<String, Object> properties() {
        return properties;
    }

    public List<Glob> claims() {
        return claims;
    }

    public String bundle() {
        return bundle;
    }

    public String type() {
        return String.valueOf(properties.get(CounterBackend.TYPE));
    }

    public String name() {
        return String.valueOf(properties.getOrDefault(CounterBackend.NAME, type()));
    }

    /** Returns the name of this backend in records and messages, as {@code type/name}. */
    public String label() {
        return label;
    }

    /** Returns what is known of the backend without a call into it. */
    public BackendDTO describe() {
        BackendDTO dto = new BackendDTO();
        dto.type = type();
        dto.name = name();
        dto.claims = claims.stream().map(Glob::text).toList();
        dto.ranking = ranking();
        dto.serviceId = id();
        dto.bundle = bundle;
        dto.retention = retention();
        dto.tables = tables() != null;
        dto.namespaces = new TreeMap<>();
        dto.details = new TreeMap<>();
        return dto;
    }

    public BackendDTO.Retention retention() {
        return retention;
    }

    private static BackendDTO.Retention retention(Map<String, Object> properties) {
        String text = String.valueOf(properties.getOrDefault(CounterBackend.RETENTION, CounterBackend.RETENTION_NONE));
        return Arrays.stream(BackendDTO.Retention.values())
                .filter(retention -> retention.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "invalid retention: " + CounterBackend.RETENTION + "='" + CounterNames.printable(text)
                                + "' expected=" + Arrays.toString(BackendDTO.Retention.values())));
    }

    /** Returns whether the backend retains its values when it leaves. */
    public boolean retainsValues() {
        return retention != BackendDTO.Retention.NONE;
    }

    int ranking() {
        return properties.get("service.ranking") instanceof Integer ranking ? ranking : 0;
    }

    long id() {
        return properties.get("service.id") instanceof Long id ? id : 0;
    }

    /** Loads the tables that the backend has restored, if it retains values. Called before the backend is published. */
    public void loadRestored() {
        if (tables() != null && retainsValues()) {
            tables().takeTables().forEach(table -> restored.put(table.namespace(), table));
        }
    }

    /** Returns the namespaces of restored tables that are not claimed yet. */
    public Set<String> restored() {
        return Set.copyOf(restored.keySet());
    }

    /** Returns the restored table of a namespace; null if there is none, or if it is claimed. */
    public CellTable restored(String namespace) {
        return restored.get(namespace);
    }

    /** Marks a restored table as claimed: it is the store of its namespace, or a source of it. */
    public void claimed(CellTable table) {
        restored.remove(table.namespace(), table);
    }

    /** Returns the restored tables that were not claimed to the backend, for the next registry that binds it. */
    public void returnRestored() {
        restored.values().removeIf(table -> {
            tables().retain(table);
            return true;
        });
    }

    /**
     * Returns the keys of a namespace that were transferred or rolled back and that this backend still has to delete.
     */
    public Set<String> pendingDeletes(String namespace) {
        return pendingDeletes.computeIfAbsent(namespace, absent -> ConcurrentHashMap.newKeySet());
    }

    /** Shares the pending deletes with the earlier and later handles of the same service. */
    public void sharePendingDeletes(Map<String, Set<String>> shared) {
        pendingDeletes = shared;
    }

    /** Returns whether a namespace may be placed here: no delete is pending, and no abandoned call is in progress. */
    public boolean hasNoPendingDeletes(String namespace) {
        return pendingDeletes.getOrDefault(namespace, Set.of()).isEmpty() && !hasAbandonedCalls(namespace);
    }

    /** Keeps a namespace from being placed here until the holders of one of its abandoned locks have returned. */
    public void addAbandoned(String namespace, AbandonableLock lock) {
        abandonedLocks
                .computeIfAbsent(namespace, absent -> ConcurrentHashMap.newKeySet())
                .add(lock);
    }

    private boolean hasAbandonedCalls(String namespace) {
        Set<AbandonableLock> locks = abandonedLocks.get(namespace);
        if (locks == null) {
            return false;
        }
        locks.removeIf(lock -> !lock.isHeld());
        return !locks.isEmpty();
    }

    /** Retries the pending deletes, unless this backend is closed. */
    public void retryDeletes() {
        pendingDeletes.forEach((namespace, keys) -> keys.removeIf(key -> {
            if (hasAbandonedCalls(namespace) || !acquireForRead()) {
                return false;
            }
            try {
                service.delete(namespace, key);
                return true;
            } finally {
                release();
            }
        }));
    }

    /** Acquires a lease, to be {@linkplain #release released}; returns false if the backend is leaving. */
    public synchronized boolean acquire() {
        if (leaving) {
            return false;
        }
        leases++;
        return true;
    }

    /**
     * Acquires a lease for reading, also while the backend is leaving, as its service is usable until {@link #close}.
     */
    public synchronized boolean acquireForRead() {
        if (closed) {
            return false;
        }
        leases++;
        return true;
    }

    /** Returns whether the backend has left and must not be called. */
    public boolean isClosed() {
        return closed;
    }

    public synchronized void release() {
        leases--;
        notifyAll();
    }

    /**
     * Stops granting leases for placement, and waits until all leases are released.
     *
     * @return false if the timeout elapsed first
     */
    public synchronized boolean stopPlacements(long timeoutMs) {
        leaving = true;
        return awaitReleased(timeoutMs);
    }

    /**
     * Stops granting leases of any kind, and waits until all leases are released.
     *
     * @return false if the timeout elapsed first
     */
    public synchronized boolean close(long timeoutMs) {
        leaving = true;
        closed = true;
        return awaitReleased(timeoutMs);
    }

    private boolean awaitReleased(long timeoutMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        boolean interrupted = false;
        while (leases > 0 && System.nanoTime() < deadline) {
            try {
                wait(10);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return leases == 0;
    }

    @Override
    public String toString() {
        return label();
    }
}
