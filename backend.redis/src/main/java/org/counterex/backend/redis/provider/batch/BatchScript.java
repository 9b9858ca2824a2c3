package org.counterex.backend.redis.provider.batch;

import java.util.ArrayList;
import java.util.List;
import org.counterex.backend.redis.provider.client.RedisClient;
import org.counterex.backend.redis.provider.client.Script;
import redis.clients.jedis.CommandArguments;

/** The script {@code batch.lua}, which applies a batch once. */
final class BatchScript {

    private static final Script SCRIPT = Script.load(BatchScript.class, "batch.lua");

    private BatchScript() {}

    /**
     * Applies a batch, or returns the results that the server remembers of an earlier attempt.
     *
     * @param ttlMs how long the server remembers the batch
     */
    static ScriptReply apply(RedisClient client, BatchQueue queue, Batch batch, long ttlMs) {
        List<?> reply = (List<?>)
                client.evaluate(SCRIPT, queue.valuesKey, arguments -> prepare(arguments, queue, batch, ttlMs));
        List<String> results = new ArrayList<>();
        ((List<?>) reply.get(1)).forEach(result -> results.add(RedisClient.text(result)));
        return new ScriptReply((Long) reply.get(0), results);
    }

    private static void prepare(CommandArguments arguments, BatchQueue queue, Batch batch, long ttlMs) {
        queue.markSent(batch);
        arguments
                .add(2)
                .key(queue.valuesKey)
                .key(queue.sessionKey())
                .add(batch.sequence)
                .add(ttlMs);
        for (Operation operation : batch.operations) {
            arguments
                    .add(operation.code())
                    .add(operation.key)
                    .add(operation.first)
                    .add(operation.second);
        }
    }
}
