package org.counterex.backend.redis.provider;

import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Brings batches to the server, by a few threads and by callers who find nothing else under way, again and again until it is
 * settled what became of them.
 *
 * <p>What can come of an attempt:
 *
 * <ul>
 *   <li><em>Answered.</em> Applied now, or found to have been applied by an earlier attempt.
 *   <li><em>Lost</em> on the way there or back: the batch is uncertain, and is sent again, as it is.
 *   <li><em>Unreachable</em>, or the server says that it cannot now: if the batch was not uncertain before, its operations wait in
 *       the queue again, where their callers may withdraw them.
 *   <li><em>Refused</em>: if the batch was not uncertain before, its callers are told. An uncertain one is sent again all the
 *       same: an earlier attempt may still be on its way, and only an answer to this number settles it.
 * </ul>
 *
 * <p>The server remembers a session for a limited time. Before that has passed, a missing session means that the server has
 * lost it, together with what was applied under it; afterwards it means nothing, and an uncertain batch stays unsettled.
 */
final class BatchSender implements AutoCloseable {

    private static final long SHORTEST_REST_MS = 20;
    private static final long GATHERING_NS = 100_000;
    private static final long LONGEST_REST_MS = 1_000;

    /** What it costs to put a caller to sleep and wake it, about. */
    private static final long SLEEP_NS = 30_000;

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    /** A part of the time for which a session lives: the rest is for clocks and answers that take their time. */
    private static final double SAFE = 0.9;

    /** How answers begin that concern the server and not the batch. */
    private static final List<String> PASSING = List.of(
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

    private final Health health;
    private final long ttlMs;
    private final int buckets;
    private final byte[] bucketsKey;
    private final byte[] namespacesKey;
    private final ScheduledThreadPoolExecutor threads;
    private final List<RedisClient> clients;

    /** Those that nobody uses at present. */
    private final BlockingDeque<RedisClient> idle = new LinkedBlockingDeque<>();

    private volatile boolean agreed;

    /** For how long a caller gives way to others before it sleeps. */
    private volatile long patienceNs;

    BatchSender(ClusterTopology nodes, Health health, String prefix, int buckets, long ttlMs, int poolSize) {
        this.health = health;
        this.ttlMs = ttlMs;
        this.buckets = buckets;
        this.bucketsKey = RedisClient.bytes(prefix + "buckets");
        this.namespacesKey = RedisClient.bytes(prefix + "namespaces");
        threads = new ScheduledThreadPoolExecutor(poolSize, task -> {
            Thread thread = new Thread(task, "counterex-redis");
            thread.setDaemon(true);
            thread.setContextClassLoader(null); // that of whoever comes first could belong to a bundle that leaves
            return thread;
        });
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        clients = Stream.generate(() -> new RedisClient(nodes)).limit(poolSize).toList();
        idle.addAll(clients);
    }

    /** Has operations of one bucket done, in this order. */
    void offer(BatchQueue bucket, List<Operation> operations) {
        if (bucket.offer(operations)) {
            submit(bucket);
        }
    }

    /** As {@link #offer}, for who is going to wait: if nothing else is under way, this thread sends them itself, and at once. */
    void send(BatchQueue bucket, Operation operation) {
        if (!bucket.offer(List.of(operation))) {
            return;
        }
        RedisClient client = idle.pollFirst();
        if (client == null) {
            submit(bucket);
            return;
        }
        try {
            if (attempt(bucket, client)) {
                submit(bucket);
            }
        } finally {
            idle.addFirst(client);
        }
    }

    /** Before a caller sleeps: lets others run instead, if the answer may come so soon that this costs less. */
    void spinBeforePark(Operation operation) {
        long patience = patienceNs;
        long begun = System.nanoTime();
        while (!operation.result.isDone() && System.nanoTime() - begun < patience) {
            Thread.yield();
        }
    }

    /**
     * Callers that give way keep every processor busy that nobody else wants, but at most as many as they are, and until the answer
     * is there; callers that sleep have to be woken, each of them. The one or the other is chosen by what the last batch was like.
     */
    private void learn(int callers, long answeredInNs) {
        long worthNs = callers * SLEEP_NS / Math.max(1, Math.min(callers, PROCESSORS));
        patienceNs = answeredInNs <= worthNs ? 2 * worthNs : 0; // most come while an earlier batch is under way
    }

    /** Sends what was counted here on a counter. */
    void push(BatchQueue bucket, String key) {
        if (bucket.push(key)) {
            submit(bucket);
        }
    }

    private void submit(BatchQueue bucket) {
        execute(() -> process(bucket));
    }

    /** Has another thread do something. */
    void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            // The backend stops, and what is left goes into the file.
        }
    }

    /** Something that is done every so often. */
    void every(long ms, Runnable task) {
        threads.scheduleWithFixedDelay(task, ms, ms, TimeUnit.MILLISECONDS);
    }

    /** Asks the server something that changes nothing. */
    <R> Future<R> ask(Function<RedisClient, R> question) {
        try {
            return threads.submit(() -> with(question));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The namespaces that anybody has made. */
    List<String> namespaces(RedisClient asked) {
        return asked.members(namespacesKey);
    }

    /** Waits for a client that nobody uses, and does something with it. */
    private <R> R with(Function<RedisClient, R> action) throws InterruptedException {
        RedisClient client = idle.takeFirst();
        try {
            return action.apply(client);
        } finally {
            idle.addFirst(client);
        }
    }

    /** Sees to a bucket by whichever client is next, for as long as nobody else waits for this thread. */
    private void process(BatchQueue bucket) {
        try {
            boolean more = with(client -> {
                boolean busy;
                do {
                    busy = attempt(bucket, client);
                } while (busy && !isAwaited());
                return busy;
            });
            if (more) {
                submit(bucket); // behind those that wait
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the backend stops
        }
    }

    /** Whether something else is to be done by these threads, now. */
    private boolean isAwaited() {
        return threads.getQueue().peek() instanceof Delayed first && first.getDelay(TimeUnit.NANOSECONDS) <= 0;
    }

    /** @return whether there is more to be sent, now */
    private boolean attempt(BatchQueue bucket, RedisClient client) {
        BatchQueue.Batch batch = bucket.next();
        if (batch == null) {
            return false;
        }
        boolean uncertain = batch.isUncertain();
        int callers = 0;
        try {
            if (uncertain && System.currentTimeMillis() - batch.sentAt > SAFE * ttlMs) {
                unsettled(bucket, batch, "it was sent too long ago for the server to remember");
            } else {
                prepare(client, bucket.space, batch.announces());
                long begun = System.nanoTime();
                RedisClient.Reply reply = client.apply(bucket, batch, ttlMs);
                long answeredInNs = System.nanoTime() - begun;
                callers = answered(bucket, batch, reply);
                learn(callers, answeredInNs);
            }
        } catch (RedisClient.UnreachableException e) {
            notSent(bucket, batch, uncertain, e.getMessage());
            return false;
        } catch (RedisClient.LostException e) {
            backOff(bucket, e.getMessage());
            return false;
        } catch (JedisDataException e) {
            if (e.getMessage().startsWith("STALE") || e.getMessage().startsWith("BROKEN")) {
                unsettled(bucket, batch, e.getMessage());
            } else if (uncertain || isPassing(e)) {
                notSent(bucket, batch, uncertain, "server says: " + e.getMessage());
                return false;
            } else {
                refused(bucket, batch, e.getMessage());
            }
        } catch (RuntimeException e) {
            backOff(bucket, "the answer makes no sense (" + e + ")");
            return false;
        }
        gather(bucket, callers);
        return bucket.isBusy();
    }

    /** Gives those whose calls have just been answered a moment to come again, so that they share a batch again. */
    private static void gather(BatchQueue bucket, int callers) {
        long end = System.nanoTime() + GATHERING_NS;
        while (callers > 1 && bucket.pending() < callers && System.nanoTime() < end) {
            Thread.yield();
        }
    }

    /** Before anything: the number of buckets is that of everybody else, and others can find a namespace that is written to. */
    private void prepare(RedisClient client, NamespaceQueues space, boolean writes) {
        if (!agreed) {
            String number = client.agree(bucketsKey, Integer.toString(buckets));
            if (!number.equals(Integer.toString(buckets))) {
                throw new RedisClient.UnreachableException("setting is refused: buckets=" + buckets + " wanted="
                        + number + ", as the server's counters are spread");
            }
            agreed = true;
        }
        if (writes && !space.announced) {
            client.insert(namespacesKey, space.name);
            space.announced = true;
        }
    }

    /** @return how many callers have been waiting */
    private int answered(BatchQueue bucket, BatchQueue.Batch batch, RedisClient.Reply reply) {
        long now = System.currentTimeMillis();
        long known = bucket.acknowledgedWithin((long) (SAFE * ttlMs), now);
        if (batch.sequence > 0 && reply.last() < known) {
            health.lost(bucket, reply.last() + 1, known);
            agreed = false;
            bucket.space.announced = false;
            bucket.offer(List.of(Operation.announcement()));
        }
        bucket.settled(batch, true);
        bucket.succeeded();
        health.succeeded(bucket, batch);
        int callers = 0;
        int late = 0;
        int refused = 0;
        for (int i = 0; i < batch.operations.size(); i++) {
            Operation operation = batch.operations.get(i);
            String answer = reply.answers().get(i);
            boolean done = ScriptReply.isDone(answer);
            if (operation.result.complete(answer)) {
                callers++;
            } else if (operation.isOwed() && !done) {
                keep(bucket, operation, answer);
            } else if (operation.isOwed()) {
                operation.done(answer);
            } else if (operation.writes()) {
                late += done ? 1 : 0;
                refused += done ? 0 : 1;
                if (operation.kind == Operation.Kind.TAKE && ScriptReply.isValue(answer)) {
                    // Nobody has the value, so it goes back.
                    bucket.offer(List.of(Operation.guaranteed(operation.key, Long.parseLong(answer))));
                }
            }
        }
        if (late + refused > 0) {
            health.late(bucket, late, refused);
        }
        return callers;
    }

    private void unsettled(BatchQueue bucket, BatchQueue.Batch batch, String reason) {
        bucket.settled(batch, false);
        health.unsettled(bucket, batch, reason);
        fail(bucket, batch.operations, reason, true);
    }

    private void notSent(BatchQueue bucket, BatchQueue.Batch batch, boolean uncertain, String reason) {
        if (!uncertain) {
            bucket.putBack(batch.operations.stream());
        }
        backOff(bucket, reason);
    }

    private void backOff(BatchQueue bucket, String reason) {
        patienceNs = 0;
        int failures = bucket.failed(reason);
        health.failed(bucket, reason);
        long ms = Math.min(LONGEST_REST_MS, SHORTEST_REST_MS << Math.min(failures, 10));
        try {
            threads.schedule(() -> process(bucket), ms, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The backend stops, and what is left goes into the file.
        }
    }

    /** The server has read it and will have none of it. Those that only read may be luckier without the others. */
    private void refused(BatchQueue bucket, BatchQueue.Batch batch, String reason) {
        bucket.succeeded();
        health.answered(bucket);
        boolean mixed = batch.sequence > 0;
        bucket.putBack(batch.operations.stream().filter(operation -> mixed && !operation.writes()));
        fail(
                bucket,
                batch.operations.stream()
                        .filter(operation -> !mixed || operation.writes())
                        .toList(),
                "server refuses it (" + reason + ")",
                false);
    }

    private void fail(BatchQueue bucket, List<Operation> operations, String reason, boolean mayHaveBeenApplied) {
        CounterException told = mayHaveBeenApplied
                ? BackendUnavailableException.outcomeUnknown(reason, bucket.space.name)
                : BackendUnavailableException.notApplied(reason, bucket.space.name);
        for (Operation operation : operations) {
            boolean awaited = operation.result.completeExceptionally(told);
            if (awaited || !operation.isOwed()) {
                continue;
            }
            if (mayHaveBeenApplied) {
                operation.done("");
            } else {
                keep(bucket, operation, reason);
            }
        }
    }

    /** The server does not take what was acknowledged: it is tried again later. */
    private void keep(BatchQueue bucket, Operation operation, String reason) {
        health.refused(bucket, operation, reason);
        bucket.space.refused.add(operation);
    }

    /** Whether the server may take it in a moment, or another node does, or somebody has to log in first. */
    private static boolean isPassing(JedisDataException e) {
        return PASSING.stream().anyMatch(e.getMessage()::startsWith);
    }

    /** Ends what is under way, as if connections had been lost; when this returns no thread of this is left, or soon. */
    @Override
    public void close() {
        threads.shutdown();
        clients.forEach(RedisClient::cut);
        boolean interrupted = Thread.interrupted();
        try {
            threads.awaitTermination(LONGEST_REST_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        threads.shutdownNow();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
