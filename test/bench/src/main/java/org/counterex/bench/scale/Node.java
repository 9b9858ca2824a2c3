package org.counterex.bench.scale;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * A runtime: its callers, what was counted there and not sent, and the backend, which brings batches to the servers by as many
 * clients as the pool has, at most one of a bucket at a time.
 */
final class Node {

    /** Counters that a flush looks at in one step of the simulation: a hundredth of all, but not fewer. */
    private static final int STEP = 10;

    /** A call that waits for its answer. */
    private static final class Call {
        final long begun;

        /** Whether its thread sends the batch that it is in. */
        boolean sends;

        boolean answered;

        Call(long begun) {
            this.begun = begun;
        }
    }

    /** Additions for which nobody waits, of one flush. */
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

        /** Whether somebody sees to it. */
        boolean busy;

        List<Call> callsInProgress = List.of();
        List<BufferedAdditions> additionsInProgress = List.of();

        /** What is done when enough have called again; null if that is not waited for. */
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

    /** Begins, with everything that is done again and again at a time of its own. */
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
        // Calls that are not made need no event: however long it is since the last one, the next one is as far away.
        if (waitingCalls < setup.maxWaiting) {
            engine.after(simulation.randomInterval(setup.rate), this::arrive);
        }
    }

    /** A caller that nobody has answered yet makes its first call. */
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

    // What nobody waits for

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

    /** One step: some counters of a bucket, then some of the next one. */
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

    /** Has a thread of the pool see to a bucket. */
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

    /** Sends what waits when a processor comes to it; by a client that is held. */
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

    /** A caller is answered, and calls again at once, by the same processor, if it is one of those that do. */
    private void complete(Call call, boolean awake) {
        boolean again = setup.rate == 0 && !simulation.isEnding();
        long work = again ? Math.round(costs.call()) : 0;
        machine.run((awake ? 0 : Math.round(costs.wake())) + work, () -> {
            if (call.answered) {
                throw new IllegalStateException("answered twice: call of " + call.begun);
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
