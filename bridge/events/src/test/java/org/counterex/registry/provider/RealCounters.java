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
import org.counterex.registry.provider.migration.MoveLog;
import org.counterex.registry.provider.migration.Migration;
import org.counterex.registry.provider.placement.ParkingTable;
import org.counterex.support.log.ServiceLog;

/**
 * The registry itself, without a framework. It is in the package of the registry, which the class path allows, as that has nothing
 * public.
 */
public final class RealCounters implements AutoCloseable {

    private static final long CALL_TIMEOUT_MS = 5_000;

    private final ServiceLog log = new ServiceLog("test", () -> null);
    private final DispatchThreads couriers = new DispatchThreads();
    private final AdminEventDispatcher events = new AdminEventDispatcher(log, couriers);
    private final ListenerRegistry telemetry = new ListenerRegistry(log, couriers);
    private final Migration migration =
            new Migration(new MoveLog(log, events), events, telemetry, log, CALL_TIMEOUT_MS, 0, keepers -> {});

    /** Counts in a backend that has everything in maps. */
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

    /** The service that callers would have. */
    public Counters counters() {
        return migration.namespaces().root();
    }

    /** Has a listener told of every operation. */
    public void listen(CounterListener listener) {
        telemetry.bind(listener, Map.of());
    }

    @Override
    public void close() {
        migration.stop();
        migration.end();
        telemetry.stop();
        events.stop();
        couriers.shutdown();
    }
}
