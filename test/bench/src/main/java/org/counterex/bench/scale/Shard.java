package org.counterex.bench.scale;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A server: it applies one batch after the other, by one processor. What has come meanwhile it takes up together, and when all
 * of that is applied it writes the replies, one after the other.
 */
final class Shard {

    /** What is to be applied, and who is told. */
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

    /** A batch has arrived; the reply is on its way back when it leaves here. */
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
