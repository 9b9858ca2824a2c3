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
import org.junit.After;
import org.junit.Test;

/** What a thread makes of a look-up that takes as long as several moves. */
public class LateLookUpTest {

    private final TestRegistry world = new TestRegistry();
    private final BackendHandle here = world.bind(new StoppingBackend(), "ets");
    private final BackendHandle there = world.bind(new MapBackend("there"), "map");
    private volatile Stop stop;

    /** Where the look-up of one thread stops. */
    private record Stop(Thread thread, CountDownLatch reached, CountDownLatch goOn) {}

    @After
    public void close() {
        world.close();
    }

    @Test
    public void absence_foundBeforeTheNamespaceCameBack_isNotConcluded() throws Exception {
        Namespace namespace = world.namespace("ns");
        long wide = 1L << 62; // not ordinary, so every read looks the cell up
        namespace.set("k", wide);
        CompletableFuture<OptionalLong> read = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                read.complete(namespace.get("k"));
            } catch (Throwable t) {
                read.completeExceptionally(t);
            }
        });
        stop = new Stop(reader, new CountDownLatch(1), new CountDownLatch(1));
        reader.start();
        stop.reached().await(10, TimeUnit.SECONDS);
        world.swap("ns", there);
        stop.goOn().countDown();
        assertEquals(OptionalLong.of(wide), read.get(10, TimeUnit.SECONDS));
    }

    @Test
    public void table_thatWasASource_isNeverAHomeAgain() {
        Namespace namespace = world.namespace("ns");
        namespace.set("k", 1);
        CellTable first = ((TableStore) namespace.placement().active()).table();
        world.swap("ns", there);
        world.swap("ns", here);
        assertNotSame(first, ((TableStore) namespace.placement().active()).table());
    }

    private final class StoppingBackend extends TableBackend {
        StoppingBackend() {
            super("ets", "stopping", OptionalLong.empty());
        }

        @Override
        protected CellTable newTable(String namespace) {
            return new ParkingTable(namespace) {
                @Override
                public Cell find(String key) {
                    Stop here = stop;
                    if (here != null && here.thread() == Thread.currentThread()) {
                        here.reached().countDown();
                        try {
                            here.goOn().await(10, TimeUnit.SECONDS);
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
