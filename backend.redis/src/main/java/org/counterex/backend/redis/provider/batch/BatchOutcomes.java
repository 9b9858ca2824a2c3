package org.counterex.backend.redis.provider.batch;

import java.util.List;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterException;

/**
 * Completion of the operations of a batch that is settled: results go to callers that wait, guaranteed operations are
 * settled or kept for another attempt, and outcomes without a caller are logged.
 */
final class BatchOutcomes {

    private final Health health;
    private final ServerLayout layout;

    /** For how long an acknowledged batch must be on the server. */
    private final long rememberedMs;

    BatchOutcomes(Health health, ServerLayout layout, long rememberedMs) {
        this.health = health;
        this.layout = layout;
        this.rememberedMs = rememberedMs;
    }

    /**
     * Completes a batch that the server has applied, now or in an earlier attempt.
     *
     * @return how many callers were waiting
     */
    int applied(BatchQueue queue, Batch batch, ScriptReply reply) {
        long expected = queue.acknowledgedWithin(rememberedMs, System.currentTimeMillis());
        if (batch.sequence > 0 && reply.previous() < expected) {
            health.lost(queue, reply.previous() + 1, expected);
            layout.invalidate(queue.namespace);
            queue.offer(List.of(Operation.announcement()));
        }
        queue.complete(batch, true);
        queue.succeeded();
        health.succeeded(queue, batch);
        int callers = 0;
        int appliedLate = 0;
        int rejectedLate = 0;
        for (int i = 0; i < batch.operations.size(); i++) {
            Operation operation = batch.operations.get(i);
            String result = reply.results().get(i);
            boolean applied = ScriptReply.isApplied(result);
            if (operation.result.complete(result)) {
                callers++;
            } else if (operation.isGuaranteed() && !applied) {
                retryLater(queue, operation, result);
            } else if (operation.isGuaranteed()) {
                operation.settle(result);
            } else if (operation.writes()) {
                appliedLate += applied ? 1 : 0;
                rejectedLate += applied ? 0 : 1;
                putBackTaken(queue, operation, result);
            }
        }
        if (appliedLate + rejectedLate > 0) {
            health.completedLate(queue, appliedLate, rejectedLate);
        }
        return callers;
    }

    /** Adds the value of a counter again that was taken for a caller that had abandoned the operation. */
    private static void putBackTaken(BatchQueue queue, Operation operation, String result) {
        if (operation.kind == Operation.Kind.TAKE && ScriptReply.isValue(result)) {
            queue.offer(List.of(Operation.guaranteed(operation.key, Long.parseLong(result))));
        }
    }

    /** Completes a batch that may have been applied and of which the server cannot say any more whether it was. */
    void unknown(BatchQueue queue, Batch batch, String reason) {
        queue.complete(batch, false);
        health.outcomeUnknown(queue, batch, reason);
        fail(queue, batch.operations, reason, true);
    }

    /**
     * Completes a batch that the server has rejected. Operations that only read are tried again without those that
     * write.
     */
    void rejected(BatchQueue queue, Batch batch, String reason) {
        queue.succeeded();
        health.responded(queue);
        boolean writes = batch.sequence > 0;
        queue.putBack(batch.operations.stream().filter(operation -> writes && !operation.writes()));
        List<Operation> rejected = batch.operations.stream()
                .filter(operation -> !writes || operation.writes())
                .toList();
        fail(queue, rejected, "server rejected the operation (" + reason + ")", false);
    }

    private void fail(BatchQueue queue, List<Operation> operations, String reason, boolean mayHaveBeenApplied) {
        CounterException failure = mayHaveBeenApplied
                ? BackendUnavailableException.outcomeUnknown(reason, queue.namespace.name)
                : BackendUnavailableException.notApplied(reason, queue.namespace.name);
        for (Operation operation : operations) {
            boolean awaited = operation.result.completeExceptionally(failure);
            if (awaited || !operation.isGuaranteed()) {
                continue;
            }
            if (mayHaveBeenApplied) {
                operation.settle("");
            } else {
                retryLater(queue, operation, reason);
            }
        }
    }

    private void retryLater(BatchQueue queue, Operation operation, String reason) {
        health.rejected(queue, operation, reason);
        queue.namespace.rejected.add(operation);
    }
}
