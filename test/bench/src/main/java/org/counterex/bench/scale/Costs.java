package org.counterex.bench.scale;

/**
 * Costs of the simulation in nanoseconds, of processor time except for the latency.
 *
 * @param serverBatch of the server for a batch of any size: reading it, and the script
 * @param serverReply of the server for the reply to a batch
 * @param serverOperation of the server for each operation of a batch
 * @param clientBatch of a runtime for a batch: sending, waking up for the reply and reading it
 * @param clientOperation of a runtime for each operation of a batch
 * @param latency one way over the network
 * @param call of a runtime for a call, from the caller to the queue and back
 * @param wake of a runtime for waking a thread
 * @param enqueue of a runtime for each counter that a flush puts into a queue
 * @param skip of a runtime for each counter that a flush leaves because the backlog is too long
 */
record Costs(
        double serverBatch,
        double serverReply,
        double serverOperation,
        double clientBatch,
        double clientOperation,
        double latency,
        double call,
        double wake,
        double enqueue,
        double skip) {

    /** Operations that a server applies in a second, in batches of one size. */
    double serverCapacity(int batchSize) {
        return 1e9 / ((serverBatch + serverReply) / batchSize + serverOperation);
    }

    Costs withLatency(double ns) {
        return new Costs(
                serverBatch, serverReply, serverOperation, clientBatch, clientOperation, ns, call, wake, enqueue, skip);
    }

    Costs withClientBatch(double ns) {
        return new Costs(
                serverBatch, serverReply, serverOperation, ns, clientOperation, latency, call, wake, enqueue, skip);
    }

    Costs withWake(double ns) {
        return new Costs(
                serverBatch,
                serverReply,
                serverOperation,
                clientBatch,
                clientOperation,
                latency,
                call,
                ns,
                enqueue,
                skip);
    }

    Costs withFlush(double enqueueNs, double skipNs) {
        return new Costs(
                serverBatch,
                serverReply,
                serverOperation,
                clientBatch,
                clientOperation,
                latency,
                call,
                wake,
                enqueueNs,
                skipNs);
    }
}
