package org.counterex.bench.scale;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Simulated server, which works in rounds on one processor: it applies all batches that have arrived since the last
 * round began, one after the other, and then writes their replies, one after the other.
 */
final class Shard {

    /** A batch and its reply. */
    private record Request(int operations, Runnable reply) {}

    private final Engine engine;
    private final Machine machine;
    private final Costs costs;
    private Queue<Request> arrived = new ArrayDeque<>();
    private boolean busy;
    private long busyNs;
    private long batches;
    private long operations;

    Shard(Engine engine, Machine machine, Costs costs) {
        this.engine = engine;
        this.machine = machine;
        this.costs = costs;
    }

    /** Accepts a batch. The reply is run when it arrives at the runtime. */
    void arrive(int size, Runnable reply) {
        arrived.add(new Request(size, reply));
        if (!busy) {
            busy = true;
            startRound();
        }
    }

    private void startRound() {
        if (arrived.isEmpty()) {
            busy = false;
            return;
        }
        Queue<Request> round = arrived;
        arrived = new ArrayDeque<>();
        apply(round, new ArrayDeque<>());
    }

    private void apply(Queue<Request> round, Queue<Request> applied) {
        Request request = round.poll();
        if (request == null) {
            reply(applied);
            return;
        }
        work(costs.serverBatch() + costs.serverOperation() * request.operations, () -> {
            batches++;
            operations += request.operations;
            applied.add(request);
            apply(round, applied);
        });
    }

    private void reply(Queue<Request> applied) {
        Request request = applied.poll();
        if (request == null) {
            startRound();
            return;
        }
        work(costs.serverReply(), () -> {
            engine.after(Math.round(costs.latency()), request.reply);
            reply(applied);
        });
    }

    private void work(double ns, Runnable then) {
        long rounded = Math.round(ns);
        machine.run(rounded, () -> {
            busyNs += rounded;
            then.run();
        });
    }

    long busyNs() {
        return busyNs;
    }

    long batches() {
        return batches;
    }

    long operations() {
        return operations;
    }
}
