package org.counterex.registry.provider;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.CounterListener;
import org.counterex.api.Counters;
import org.counterex.api.backend.CounterBackend;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.event.AdminEventDispatcher;
import org.counterex.registry.provider.event.DispatchThreads;
import org.counterex.registry.provider.event.ListenerRegistry;
import org.counterex.registry.provider.migration.Migration;
import org.counterex.registry.provider.migration.MoveLog;
import org.counterex.registry.provider.placement.ParkingTable;
import org.counterex.support.log.ServiceLog;

/**
 * The real registry with one map backend, run without a framework. In a package of the registry because not all of it
 * is public.
 */
public final class RealCounters implements AutoCloseable {

    private static final long CALL_TIMEOUT_MS = 5_000;

    private final ServiceLog log = new ServiceLog("test", () -> null);
    private final DispatchThreads dispatchThreads = new DispatchThreads();
    private final AdminEventDispatcher events = new AdminEventDispatcher(log, dispatchThreads);
    private final ListenerRegistry listeners = new ListenerRegistry(log, dispatchThreads);
    private final Migration migration = new Migration(
            new MoveLog(log, events), events, listeners, log, CALL_TIMEOUT_MS, 0, retainingBackends -> {});

    /** Starts the registry and binds a backend that holds its counters in maps. */
    public RealCounters() {
        CounterBackend maps = new TableBackend("map", "map", OptionalLong.empty()) {
            @Override
            protected CellTable newTable(String namespace) {
                return new ParkingTable(namespace);
            }

            @Override
            protected Map<String, String> details() {
                return Map.of();
            }
        };
        migration.arrival().bind(new BackendHandle(maps, Map.of(CounterBackend.TYPE, "map", "service.id", 1L), "test"));
    }

    /** Returns the service that callers use. */
    public Counters counters() {
        return migration.namespaces().root();
    }

    /** Registers a listener for all operations. */
    public void listen(CounterListener listener) {
        listeners.bind(listener, Map.of());
    }

    @Override
    public void close() {
        migration.stop();
        migration.end();
        listeners.stop();
        events.stop();
        dispatchThreads.shutdown();
    }
}
