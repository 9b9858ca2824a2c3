package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotSame;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.registry.provider.backend.BackendHandle;
import org.counterex.registry.provider.namespace.Namespace;
import org.counterex.registry.provider.placement.ParkingTable;
import org.counterex.registry.provider.placement.TableStore;
import org.junit.Rule;
import org.junit.Test;

/** Look-ups that take as long as several moves. */
public class LateLookUpTest {

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final BackendHandle here = registry.bind(new PausingBackend(), "ets");
    private final BackendHandle there = registry.bind(new MapBackend("there"), "map");
    private volatile Pause pause;

    /** A point at which the look-up of one thread waits. */
    private record Pause(Thread thread, CountDownLatch reached, CountDownLatch resume) {}

    @Test
    public void lookup_missingInStaleTable_isRetried() throws Exception {
        Namespace namespace = registry.namespace("ns");
        long wide = 1L << 62; // not a fast result, so every read looks the cell up
        namespace.set("k", wide);
        CompletableFuture<OptionalLong> read = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                read.complete(namespace.get("k"));
            } catch (Throwable t) {
                read.completeExceptionally(t);
            }
        });
        pause = new Pause(reader, new CountDownLatch(1), new CountDownLatch(1));
        reader.start();
        pause.reached().await(10, TimeUnit.SECONDS);
        registry.swap("ns", there);
        pause.resume().countDown();
        assertEquals(OptionalLong.of(wide), read.get(10, TimeUnit.SECONDS));
    }

    @Test
    public void table_onceSource_isNotReused() {
        Namespace namespace = registry.namespace("ns");
        namespace.set("k", 1);
        CellTable first = ((TableStore) namespace.placement().active()).table();
        registry.swap("ns", there);
        registry.swap("ns", here);
        assertNotSame(first, ((TableStore) namespace.placement().active()).table());
    }

    private final class PausingBackend extends TableBackend {
        PausingBackend() {
            super("ets", "pausing", OptionalLong.empty());
        }

        @Override
        protected CellTable newTable(String namespace) {
            return new ParkingTable(namespace) {
                @Override
                public Cell find(String key) {
                    Pause current = pause;
                    if (current != null && current.thread() == Thread.currentThread()) {
                        current.reached().countDown();
                        try {
                            current.resume().await(10, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                    return super.find(key);
                }
            };
        }

        @Override
        protected Map<String, String> details() {
            return Map.of();
        }
    }
}
