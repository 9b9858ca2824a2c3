package org.counterex.bench.scale;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Simulated runtime: its callers, its buffered additions, and the backend, which sends batches by the clients of its
 * pool, at most one batch of a bucket at a time.
 */
final class Node {

    /** Fewest counters that a flush processes in one event; otherwise a hundredth of all. */
    private static final int STEP = 10;

    /** A call in progress. */
    private static final class Call {
        final long begun;

        /** Whether its thread sends its batch. */
        boolean sends;

        boolean answered;

        Call(long begun) {
            this.begun = begun;
        }
    }

    /** Additions of one flush, for which no caller waits; or a heartbeat. */
    private static final class BufferedAdditions {
        final long since;
        int left;

        BufferedAdditions(long since, int left) {
            this.since = since;
            this.left = left;
        }
    }

    private static final class Bucket {
        final int shard;
        final Queue<Call> calls = new ArrayDeque<>();
        final Deque<BufferedAdditions> additions = new ArrayDeque<>();
        int pending;

        /** Whether a thread serves this bucket or is about to. */
        boolean busy;

        List<Call> callsInProgress = List.of();
        List<BufferedAdditions> additionsInProgress = List.of();

        /** Run when enough callers have called again; null when the sender does not wait for them. */
        Runnable afterWait;

        int expectedCalls;

        Bucket(int shard) {
            this.shard = shard;
        }
    }

    private static final int HEARTBEAT = -1;

    private final Simulation simulation;
    private final Engine engine;
    private final Setup setup;
    private final Costs costs;
    private final Machine machine;
    private final Map<Integer, Bucket> buckets = new HashMap<>();
    private final Queue<Bucket> waiting = new ArrayDeque<>();
    private int idle;
    private int waitingCalls;

    Node(Simulation simulation, Machine machine) {
        this.simulation = simulation;
        this.engine = simulation.engine;
        this.setup = simulation.setup;
        this.costs = simulation.costs;
        this.machine = machine;
        this.idle = setup.poolSize;
    }

    /** Schedules the first events; periodic ones begin at random times. */
    void start() {
        if (setup.heartbeatMs > 0) {
            engine.after(simulation.randomDelay(setup.heartbeatMs * 1_000_000), this::sendHeartbeat);
        }
        if (setup.buffered) {
            engine.after(simulation.randomDelay(setup.flushIntervalMs * 1_000_000), this::flush);
        } else if (setup.rate > 0) {
            engine.after(simulation.randomInterval(setup.rate), this::arrive);
        } else {
            for (int i = 0; i < setup.callers; i++) {
                firstCall();
            }
        }
    }

    // Calls

    private void arrive() {
        if (simulation.isEnding()) {
            return;
        }
        Call call = call(engine.now());
        machine.run(Math.round(costs.call()), () -> offer(call));
        // Calls that are not made need no event: the time to the next one does not depend on the last one.
        if (waitingCalls < setup.maxWaiting) {
            engine.after(simulation.randomInterval(setup.rate), this::arrive);
        }
    }

    /** Makes the first call of a caller. */
    private void firstCall() {
        long work = Math.round(costs.call());
        machine.run(work, () -> offer(call(engine.now() - work)));
    }

    private Call call(long at) {
        waitingCalls++;
        simulation.begun();
        return new Call(at);
    }

    private void offer(Call call) {
        Bucket bucket = bucket(simulation.keys.randomBucket(simulation.random));
        bucket.calls.add(call);
        bucket.pending++;
        if (bucket.afterWait != null && bucket.pending >= bucket.expectedCalls) {
            endWait(bucket, bucket.afterWait);
        }
        if (bucket.busy) {
            return;
        }
        bucket.busy = true;
        if (idle > 0) {
            idle--;
            call.sends = true;
            send(bucket);
        } else {
            submit(bucket);
        }
    }

    private Bucket bucket(int index) {
        return buckets.computeIfAbsent(
                index,
                absent -> new Bucket(index == HEARTBEAT ? simulation.heartbeatShard : simulation.keys.shard(index)));
    }

    // Additions without a waiting caller

    private void sendHeartbeat() {
        if (simulation.isEnding()) {
            return;
        }
        enqueue(bucket(HEARTBEAT), -1, 1);
        engine.after(setup.heartbeatMs * 1_000_000, this::sendHeartbeat);
    }

    private void enqueue(Bucket bucket, long since, int count) {
        bucket.additions.add(new BufferedAdditions(since, count));
        bucket.pending += count;
        if (!bucket.busy) {
            bucket.busy = true;
            submit(bucket);
        }
    }

    private void flush() {
        if (!simulation.isEnding()) {
            flush(0, simulation.changed.clone(), engine.now());
        }
    }

    /** Processes some counters of a bucket, and schedules the next bucket. */
    private void flush(int index, int[] left, long since) {
        int next = index;
        for (int tried = 0; left[next] == 0; next = (next + 1) % left.length) {
            if (tried++ == left.length) {
                engine.after(setup.flushIntervalMs * 1_000_000, this::flush);
                return;
            }
        }
        int taken = Math.min(Math.max(STEP, setup.changed / 100), left[next]);
        left[next] -= taken;
        int at = next;
        Bucket bucket = bucket(at);
        boolean sent = bucket.pending <= setup.backlogLimit;
        machine.run(Math.round(taken * (sent ? costs.enqueue() : costs.skip())), () -> {
            if (sent) {
                enqueue(bucket, since, taken);
            }
            flush((at + 1) % left.length, left, since);
        });
    }

    // To the server and back

    /** Schedules a bucket on a thread of the pool. */
    private void submit(Bucket bucket) {
        machine.run(Math.round(costs.wake()), () -> {
            if (idle == 0) {
                waiting.add(bucket);
            } else {
                idle--;
                send(bucket);
            }
        });
    }

    private void release() {
        Bucket next = waiting.poll();
        if (next == null) {
            idle++;
        } else {
            send(next);
        }
    }

    /** Sends a batch of what waits when a processor is free, by a client that the caller has acquired. */
    private void send(Bucket bucket) {
        int[] size = new int[1];
        machine.run(
                () -> {
                    size[0] = take(bucket);
                    return halfBatchCost(size[0]);
                },
                () -> engine.after(
                        Math.round(costs.latency()),
                        () -> simulation.shards[bucket.shard].arrive(
                                size[0], () -> machine.run(halfBatchCost(size[0]), () -> answered(bucket)))));
    }

    private long halfBatchCost(int operations) {
        return Math.round((costs.clientBatch() + costs.clientOperation() * operations) / 2);
    }

    private int take(Bucket bucket) {
        List<Call> calls = new ArrayList<>();
        while (calls.size() < setup.maxBatch && !bucket.calls.isEmpty()) {
            calls.add(bucket.calls.poll());
        }
        List<BufferedAdditions> additions = new ArrayList<>();
        int size = calls.size();
        while (size < setup.maxBatch && !bucket.additions.isEmpty()) {
            BufferedAdditions first = bucket.additions.peek();
            int taken = Math.min(first.left, setup.maxBatch - size);
            additions.add(new BufferedAdditions(first.since, taken));
            size += taken;
            first.left -= taken;
            if (first.left == 0) {
                bucket.additions.poll();
            }
        }
        bucket.callsInProgress = calls;
        bucket.additionsInProgress = additions;
        bucket.pending -= size;
        return size;
    }

    private void answered(Bucket bucket) {
        List<Call> calls = bucket.callsInProgress;
        bucket.additionsInProgress.stream()
                .filter(additions -> additions.since >= 0)
                .forEach(additions -> simulation.flushed(additions.since, additions.left));
        if (setup.sendsBeforeReplying) {
            boolean goesOn = bucket.pending > 0 && waiting.isEmpty();
            if (goesOn) {
                send(bucket);
            }
            calls.forEach(call -> complete(call, call.sends));
            if (!goesOn) {
                finishBatch(bucket);
            }
            return;
        }
        calls.stream().filter(call -> !call.sends).forEach(call -> complete(call, false));
        if (calls.size() > 1 && bucket.pending < calls.size() && setup.callerWaitNs > 0) {
            bucket.expectedCalls = calls.size();
            Runnable afterWait = () -> afterWait(bucket, calls);
            bucket.afterWait = afterWait;
            engine.after(setup.callerWaitNs, () -> endWait(bucket, afterWait));
        } else {
            afterWait(bucket, calls);
        }
    }

    private static void endWait(Bucket bucket, Runnable afterWait) {
        if (bucket.afterWait == afterWait) {
            bucket.afterWait = null;
            afterWait.run();
        }
    }

    private void afterWait(Bucket bucket, List<Call> calls) {
        finishBatch(bucket);
        calls.stream().filter(call -> call.sends).forEach(call -> complete(call, true));
    }

    private void finishBatch(Bucket bucket) {
        release();
        bucket.busy = bucket.pending > 0;
        if (bucket.busy) {
            submit(bucket);
        }
    }

    /** Answers a caller, which calls again at once on the same processor unless calls come at a rate. */
    private void complete(Call call, boolean awake) {
        boolean again = setup.rate == 0 && !simulation.isEnding();
        long work = again ? Math.round(costs.call()) : 0;
        machine.run((awake ? 0 : Math.round(costs.wake())) + work, () -> {
            if (call.answered) {
                throw new IllegalStateException("call answered twice: begun=" + call.begun);
            }
            call.answered = true;
            if (setup.rate > 0 && waitingCalls == setup.maxWaiting) {
                engine.after(simulation.randomInterval(setup.rate), this::arrive);
            }
            waitingCalls--;
            long at = engine.now() - work;
            simulation.answered(call.begun, at);
            if (again) {
                offer(call(at));
            }
        });
    }
}
