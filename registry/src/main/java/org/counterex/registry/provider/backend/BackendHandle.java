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
 * A backend service as the registry knows it, from bind to unbind.
 *
 * <p><b>Leases.</b> Whoever publishes this backend as the home of a namespace, or calls it beside the locks of a
 * namespace, holds a lease meanwhile. A leaving backend grants none, and its evacuation waits for those that are out:
 * after that no namespace can come to live here unseen.
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

    /** By namespace, keys of which this backend may still say something that does not count, as it failed to delete them. */
    private volatile Map<String, Set<String>> pendingDeletes = new ConcurrentHashMap<>();

    /** By namespace, stripes that were given up while calls were inside that may take effect yet. */
    private final Map<String, Set<AbandonableLock>> abandonedLocks = new ConcurrentHashMap<>();

    /**
     * By namespace, tables that came with this backend, as it keeps its values, and that no namespace lives in yet. One is
     * taken out only after a residence was published that has it: so nobody makes a second one beside it, whose counters would
     * take the place of those of the first where the backend keeps them.
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
     * Takes the service properties over, at first and whenever they have changed.
     *
     * @throws IllegalArgumentException a claim is not a glob or the retention is invalid; nothing is taken over
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
        if (value instanceof String[] several) {
            return Arrays.asList(several);
        }
        if (value instanceof Iterable<?> several) {
            List<String> all = new ArrayList<>();
            several.forEach(item -> all.add(Objects.toString(item, null)));
            return all;
        }
        return value == null ? List.of() : List.of(value.toString());
    }

    public CounterBackend service() {
        return service;
    }

    /** The table extension of the service, or null. */
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

    /** What it is called in records and messages. */
    public String label() {
        return label;
    }

    /** What is known of it without asking it. */
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

    /** Whether its values stay with it when it leaves. */
    public boolean retainsValues() {
        return retention != BackendDTO.Retention.NONE;
    }

    int ranking() {
        return properties.get("service.ranking") instanceof Integer ranking ? ranking : 0;
    }

    long id() {
        return properties.get("service.id") instanceof Long id ? id : 0;
    }

    /** Takes up the tables that come with this backend as it keeps its values, before anybody else knows it. */
    public void loadRestored() {
        if (tables() != null && retainsValues()) {
            tables().takeTables().forEach(table -> restored.put(table.namespace(), table));
        }
    }

    /** The namespaces of tables that came with this backend and that no namespace lives in yet. */
    public Set<String> restored() {
        return Set.copyOf(restored.keySet());
    }

    /** The table of a namespace that came with this backend; null if none did, or if the namespace lives in it. */
    public CellTable restored(String namespace) {
        return restored.get(namespace);
    }

    /** A namespace lives in this table, or gets its counters. */
    public void claimed(CellTable table) {
        restored.remove(table.namespace(), table);
    }

    /** Leaves the tables that came with this backend, and that nobody wanted, for whoever binds it next. */
    public void returnRestored() {
        restored.values().removeIf(table -> {
            tables().retain(table);
            return true;
        });
    }

    /** The keys of a namespace that were handed over, or taken back, and that this backend has yet to delete. */
    public Set<String> pendingDeletes(String namespace) {
        return pendingDeletes.computeIfAbsent(namespace, absent -> ConcurrentHashMap.newKeySet());
    }

    /** Shares what is to be deleted with whoever bound the same service before, or will. */
    public void sharePendingDeletes(Map<String, Set<String>> shared) {
        pendingDeletes = shared;
    }

    /** Whether a namespace may live here: not before all is deleted that does not count, and all calls have come back. */
    public boolean hasNoPendingDeletes(String namespace) {
        return pendingDeletes.getOrDefault(namespace, Set.of()).isEmpty() && !hasAbandonedCalls(namespace);
    }

    /** Waits for the calls inside a stripe that was given up, before a namespace may live here again. */
    public void addAbandoned(String namespace, AbandonableLock stripe) {
        abandonedLocks
                .computeIfAbsent(namespace, absent -> ConcurrentHashMap.newKeySet())
                .add(stripe);
    }

    private boolean hasAbandonedCalls(String namespace) {
        Set<AbandonableLock> stripes = abandonedLocks.get(namespace);
        if (stripes == null) {
            return false;
        }
        stripes.removeIf(stripe -> !stripe.isHeld());
        return !stripes.isEmpty();
    }

    /** Tries again to delete what does not count, as long as this backend has not left. */
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

    /** Takes a lease, to be given back; false if the backend is leaving. */
    public synchronized boolean acquire() {
        if (leaving) {
            return false;
        }
        leases++;
        return true;
    }

    /** Takes a lease to look around, to be given back; granted until {@link #close}, as the leaving service is usable. */
    public synchronized boolean acquireForRead() {
        if (closed) {
            return false;
        }
        leases++;
        return true;
    }

    /** Whether it has left for good and may not be called. */
    public boolean isClosed() {
        return closed;
    }

    public synchronized void release() {
        leases--;
        notifyAll();
    }

    /**
     * Grants no lease any more, and waits until all are given back.
     *
     * @return false if that took too long
     */
    public synchronized boolean stopPlacements(long timeoutMs) {
        leaving = true;
        return awaitReleased(timeoutMs);
    }

    /**
     * Lets nobody visit any more, and waits until all have left.
     *
     * @return false if that took too long
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
