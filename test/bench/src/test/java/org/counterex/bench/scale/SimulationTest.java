package org.counterex.bench.scale;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Compares the simulation with results that can be calculated by hand. */
public class SimulationTest {

    private static final long SECOND = 1_000_000_000;

    /** Round numbers, in nanoseconds. */
    private static final Costs COSTS = new Costs(20_000, 10_000, 2_000, 8_000, 400, 100_000, 1_000, 5_000, 200, 200);

    private static final Setup QUIET = Setup.of().with(setup -> setup.heartbeatMs = 0);

    private static Outcome run(Setup setup) {
        return new Simulation(setup, COSTS, 1).run(SECOND / 10, SECOND / 2);
    }

    @Test
    public void oneCaller_takesOneRoundTripPerCall() {
        Outcome outcome = run(QUIET);
        double ns = 1_000 + 8_000 + 400 + 2 * 100_000 + 30_000 + 2_000;
        assertEquals(1e9 / ns, outcome.callsPerSecond(), 5);
        assertEquals(ns / 1e3, outcome.medianUs(), 0.5);
        assertEquals(ns / 1e3, outcome.p99Us(), 0.5);
        assertEquals(1, outcome.meanBatch(), 0);
        assertEquals(32_000 / ns, outcome.hottest(), 0.001);
    }

    @Test
    public void fullBatches_ofManyNodes_saturateTheServer() {
        Outcome outcome = run(QUIET.with(setup -> {
            setup.nodes = 20;
            setup.callers = 100;
            setup.maxBatch = 10;
        }));
        assertEquals(1e9 / (30_000 / 10.0 + 2_000), outcome.callsPerSecond(), 500);
        assertEquals(1, outcome.hottest(), 0.01);
        assertEquals(10, outcome.meanBatch(), 0.1);
    }

    @Test
    public void singleCallers_ofManyNodes_queueAtTheServer() {
        Outcome outcome = run(QUIET.with(setup -> setup.nodes = 100));
        assertEquals(1e9 / 32_000, outcome.callsPerSecond(), 100);
        // All others are served between two calls of one, regardless of the latency.
        assertEquals(100 * 32.0, outcome.meanUs(), 10);
    }

    @Test
    public void sharedProcessors_boundTheRate() {
        Setup own = QUIET.with(setup -> {
            setup.nodes = 4;
            setup.callers = 8;
        });
        Outcome one = run(own.with(setup -> {
            setup.shared = true;
            setup.cores = 1;
        }));
        Outcome two = run(own.with(setup -> {
            setup.shared = true;
            setup.cores = 2;
        }));
        // One processor does the work of all calls, in batches of eight.
        double ns = (30_000 + 8_000) / one.meanBatch() + 2_000 + 400 + 1_000 + 5_000;
        assertTrue(one.callsPerSecond() + " of " + 1e9 / ns, one.callsPerSecond() <= 1.01 * 1e9 / ns);
        assertTrue(one + " " + two, two.callsPerSecond() > 1.1 * one.callsPerSecond());
    }

    @Test
    public void machine_runsOneJobPerProcessor() {
        Engine engine = new Engine();
        Machine machine = new Machine(engine, 2);
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            machine.run(10, () -> ends.add(engine.now()));
        }
        engine.runUntil(1_000);
        assertEquals(List.of(10L, 10L, 20L, 20L, 30L), ends);
    }

    @Test
    public void server_batchesArrivingTogether_areAnsweredTogether() {
        Engine engine = new Engine();
        Shard shard = new Shard(engine, new Machine(engine, 1), COSTS.withLatency(7));
        List<String> replies = new ArrayList<>();
        shard.arrive(1, () -> replies.add("a" + engine.now()));
        shard.arrive(2, () -> replies.add("b" + engine.now()));
        shard.arrive(3, () -> replies.add("c" + engine.now()));
        engine.runUntil(SECOND);
        // The second and the third arrive while the first is served: 24 and 26 us, and then 10 us for each reply.
        assertEquals(List.of("a32007", "b92007", "c102007"), replies);
        assertEquals(102_000, shard.busyNs());
    }

    @Test
    public void equalNodes_getEqualShares() {
        Setup setup = QUIET.with(some -> {
            some.nodes = 10;
            some.callers = 20;
            some.maxBatch = 5;
        });
        Simulation simulation = new Simulation(setup, COSTS, 1);
        Outcome outcome = simulation.run(SECOND / 10, SECOND / 2);
        // Nodes are served in turn, so no call waits much longer than the others.
        assertTrue(outcome.toString(), outcome.p99Us() < 1.3 * outcome.medianUs());
    }

    @Test
    public void seed_determinesTheOutcome() {
        Setup setup = QUIET.with(some -> {
            some.nodes = 5;
            some.rate = 2_000;
            some.buckets = 4;
            some.skew = 1;
        });
        Outcome first = new Simulation(setup, COSTS, 7).run(SECOND / 10, SECOND / 2);
        assertEquals(first, new Simulation(setup, COSTS, 7).run(SECOND / 10, SECOND / 2));
        assertNotEquals(first, new Simulation(setup, COSTS, 8).run(SECOND / 10, SECOND / 2));
    }

    @Test
    public void everyCall_isAnsweredOnce() {
        for (boolean sendsBeforeReplying : new boolean[] {false, true}) {
            for (boolean open : new boolean[] {false, true}) {
                Setup setup = QUIET.with(some -> {
                    some.nodes = 3;
                    some.callers = 50;
                    some.rate = open ? 60_000 : 0;
                    some.buckets = 6;
                    some.poolSize = 2;
                    some.maxBatch = 20;
                    some.hot = 0.5;
                    some.shards = 2;
                    some.sendsBeforeReplying = sendsBeforeReplying;
                });
                Simulation simulation = new Simulation(setup, COSTS, 3);
                simulation.run(0, SECOND / 5);
                simulation.finish();
                assertTrue(simulation.begunCalls() > 1_000);
                assertEquals(simulation.begunCalls(), simulation.answeredCalls());
            }
        }
    }

    @Test
    public void callsAtFixedRate_areAnsweredAtThatRate() {
        Outcome outcome = new Simulation(
                        QUIET.with(setup -> {
                            setup.nodes = 50;
                            setup.rate = 200;
                        }),
                        COSTS,
                        1)
                .run(SECOND, 3 * SECOND);
        assertEquals(10_000, outcome.callsPerSecond(), 300);
    }

    @Test
    public void buffered_sendsEachCounterOncePerInterval() {
        Outcome outcome = new Simulation(
                        QUIET.with(setup -> {
                            setup.nodes = 10;
                            setup.buffered = true;
                            setup.changed = 400;
                        }),
                        COSTS,
                        1)
                .run(SECOND, 4 * SECOND);
        // The interval begins when the previous flush of 400 counters has ended.
        assertEquals(10 * 400 / (0.1 + 400 * 200e-9), outcome.operationsPerSecond(), 400);
    }

    @Test
    public void buffered_fullBucket_leavesTheRest() {
        Setup large = QUIET.with(setup -> {
            setup.buffered = true;
            setup.changed = 100_000;
        });
        double one = run(large).operationsPerSecond();
        double eight = run(large.with(setup -> setup.buckets = 8)).operationsPerSecond();
        double unbounded =
                run(large.with(setup -> setup.backlogLimit = Integer.MAX_VALUE)).operationsPerSecond();
        assertTrue(one + " " + unbounded, one < unbounded / 2);
        assertTrue(one + " " + eight, eight > 2 * one);
    }

    @Test
    public void hotKey_loadsTheShardOfItsBucket() {
        Setup even = QUIET.with(setup -> {
            setup.nodes = 100;
            setup.rate = 100;
            setup.buckets = 16;
            setup.shards = 4;
            setup.keys = 10_000;
        });
        Outcome hot = run(even.with(setup -> setup.hot = 0.9));
        assertEquals(10_000 * (0.9 + 0.1 / 4) * 32e-6, hot.hottest(), 0.04);
        assertTrue(run(even).hottest() < 0.6 * hot.hottest());
    }

    @Test
    public void heartbeat_isOneBatchPerNode() {
        Outcome outcome = new Simulation(
                        Setup.of().with(setup -> {
                            setup.nodes = 1_000;
                            setup.buffered = true;
                        }),
                        COSTS,
                        1)
                .run(2 * SECOND, 4 * SECOND);
        assertEquals(1_000, outcome.batchesPerSecond(), 5);
    }
}
