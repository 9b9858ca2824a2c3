package org.counterex.backend.redis.provider.batch;

import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.counterex.backend.redis.provider.client.ClientPool;
import org.counterex.backend.redis.provider.client.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Delivery of batches to the server, by a few threads and by callers that find no other batch in progress. Each batch
 * is sent until its outcome is settled.
 *
 * <p>Outcomes of an attempt:
 *
 * <ul>
 *   <li><em>Applied</em>, now or found to have been applied by an earlier attempt.
 *   <li><em>Lost</em>, in one direction or the other: the batch is uncertain, and is sent again unchanged.
 *   <li><em>Not sent</em>, or the server replies that it cannot apply it at present: unless the batch was uncertain
 *       before, its operations return to the queue, where their callers may withdraw them.
 *   <li><em>Rejected</em>: unless the batch was uncertain before, its operations fail. An uncertain batch is sent
 *       again: an earlier attempt may still be on its way, and only a reply to this number settles it.
 * </ul>
 *
 * <p>The server remembers a session for a limited time. Within that time, a missing session means that the server has
 * lost it, together with what was applied under it; afterwards it means nothing, and the outcome of an uncertain batch
 * remains unknown.
 */
public final class BatchSender {

    private static final long MIN_BACK_OFF_MS = 20;
    private static final long MAX_BACK_OFF_MS = 1_000;
    private static final long REGROUP_NS = 100_000;

    /** The part of the session lifetime that is relied on; the rest allows for clocks and slow replies. */
    private static final double SAFE_LIFETIME = 0.9;

    /**
     * Prefixes of errors that are transient, resolved by another node or by logging in, and do not concern the batch.
     */
    private static final List<String> TRANSIENT = List.of(
            "LOADING",
            "MASTERDOWN",
            "CLUSTERDOWN",
            "TRYAGAIN",
            "READONLY",
            "-READONLY",
            "BUSY",
            "MOVED",
            "ASK",
            "NOAUTH");

    private final SenderThreads threads;
    private final ClientPool clients;
    private final Health health;
    private final ServerLayout layout;
    private final AdaptiveSpin spin;
    private final BatchOutcomes outcomes;
    private final long ttlMs;
    private final long safeTtlMs;

    /** @param ttlMs how long the server remembers a session */
    public BatchSender(
            SenderThreads threads,
            ClientPool clients,
            Health health,
            ServerLayout layout,
            AdaptiveSpin spin,
            long ttlMs) {
        this.threads = threads;
        this.clients = clients;
        this.health = health;
        this.layout = layout;
        this.spin = spin;
        this.ttlMs = ttlMs;
        safeTtlMs = (long) (SAFE_LIFETIME * ttlMs);
        outcomes = new BatchOutcomes(health, layout, safeTtlMs);
    }

    /** Appends an operation to a queue and schedules its delivery. */
    public void offer(BatchQueue queue, Operation operation) {
        if (queue.offer(List.of(operation))) {
            submit(queue);
        }
    }

    /** Schedules the delivery of what a queue was restored with. */
    public void resume(BatchQueue queue) {
        if (queue.offer(List.of())) {
            submit(queue);
        }
    }

    /** Appends the buffered additions to a counter and schedules their delivery. */
    public void push(BatchQueue queue, String key) {
        if (queue.push(key)) {
            submit(queue);
        }
    }

    /**
     * Appends an operation whose caller is going to wait. If no batch is in progress, the caller sends it itself, at
     * once.
     */
    public void send(BatchQueue queue, Operation operation) {
        if (!queue.offer(List.of(operation))) {
            return;
        }
        RedisClient client = clients.tryAcquire();
        if (client == null) {
            submit(queue);
            return;
        }
        try {
            if (attempt(queue, client)) {
                submit(queue);
            }
        } finally {
            clients.release(client);
        }
    }

    /** Calls a function that changes nothing on the server. */
    public <R> Future<R> query(Function<RedisClient, R> query) {
        return threads.submit(() -> clients.call(query));
    }

    private void submit(BatchQueue queue) {
        threads.execute(() -> process(queue));
    }

    /** Sends batches of a queue until there are none, or another task waits for this thread. */
    private void process(BatchQueue queue) {
        try {
            boolean more = clients.call(client -> {
                boolean busy;
                do {
                    busy = attempt(queue, client);
                } while (busy && !threads.hasReadyTask());
                return busy;
            });
            if (more) {
                submit(queue); // behind the tasks that wait
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the backend stops
        }
    }

    /** Sends the next batch of a queue; returns whether there is more to send now. */
    private boolean attempt(BatchQueue queue, RedisClient client) {
        Batch batch = queue.next();
        if (batch == null) {
            return false;
        }
        boolean uncertain = batch.isUncertain();
        int callers = 0;
        try {
            if (uncertain && System.currentTimeMillis() - batch.sentAt() > safeTtlMs) {
                outcomes.unknown(queue, batch, "session lifetime has expired");
            } else {
                layout.prepare(client, queue.namespace, batch.announces());
                long startNs = System.nanoTime();
                ScriptReply reply = BatchScript.apply(client, queue, batch, ttlMs);
                long responseNs = System.nanoTime() - startNs;
                callers = outcomes.applied(queue, batch, reply);
                spin.adapt(callers, responseNs);
            }
        } catch (RedisClient.UnreachableException e) {
            notSent(queue, batch, uncertain, e.getMessage());
            return false;
        } catch (RedisClient.LostException e) {
            backOff(queue, e.getMessage());
            return false;
        } catch (JedisDataException e) {
            if (e.getMessage().startsWith("STALE") || e.getMessage().startsWith("BROKEN")) {
                outcomes.unknown(queue, batch, e.getMessage());
            } else if (uncertain || isTransient(e)) {
                notSent(queue, batch, uncertain, "server error: " + e.getMessage());
                return false;
            } else {
                outcomes.rejected(queue, batch, e.getMessage());
            }
        } catch (RuntimeException e) {
            backOff(queue, "invalid reply: " + e);
            return false;
        }
        regroup(queue, callers);
        return queue.hasMore();
    }

    /** Waits a moment for the callers of the last batch to call again, so that they share a batch again. */
    private static void regroup(BatchQueue queue, int callers) {
        long endNs = System.nanoTime() + REGROUP_NS;
        while (callers > 1 && queue.pending() < callers && System.nanoTime() < endNs) {
            Thread.yield();
        }
    }

    private void notSent(BatchQueue queue, Batch batch, boolean uncertain, String reason) {
        if (!uncertain) {
            queue.putBack(batch.operations.stream());
        }
        backOff(queue, reason);
    }

    private void backOff(BatchQueue queue, String reason) {
        spin.disable();
        int failures = queue.failed(reason);
        health.failed(queue, reason);
        long ms = Math.min(MAX_BACK_OFF_MS, MIN_BACK_OFF_MS << Math.min(failures, 10));
        threads.schedule(() -> process(queue), ms);
    }

    private static boolean isTransient(JedisDataException e) {
        return TRANSIENT.stream().anyMatch(e.getMessage()::startsWith);
    }

    /**
     * Ends what is in progress as if connections had been lost; afterwards no batch is sent, and no thread is left or
     * soon none.
     */
    public void close() {
        threads.shutDown();
        clients.close();
        threads.awaitTermination(MAX_BACK_OFF_MS);
    }
}
