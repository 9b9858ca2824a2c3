package org.counterex.backend.redis.provider;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CasResult;
import org.counterex.api.CounterNames;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.table.AdditionBuffer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.WriteBufferingBackend;
import org.counterex.backend.redis.provider.batch.AdaptiveSpin;
import org.counterex.backend.redis.provider.batch.BatchQueue;
import org.counterex.backend.redis.provider.batch.BatchSender;
import org.counterex.backend.redis.provider.batch.Health;
import org.counterex.backend.redis.provider.batch.Heartbeat;
import org.counterex.backend.redis.provider.batch.Operation;
import org.counterex.backend.redis.provider.batch.QueueState;
import org.counterex.backend.redis.provider.batch.ScriptReply;
import org.counterex.backend.redis.provider.batch.SenderThreads;
import org.counterex.backend.redis.provider.batch.ServerLayout;
import org.counterex.backend.redis.provider.buffer.BufferedNamespace;
import org.counterex.backend.redis.provider.buffer.Flusher;
import org.counterex.backend.redis.provider.buffer.PendingFile;
import org.counterex.backend.redis.provider.client.ClientPool;
import org.counterex.support.log.ServiceLog;

/**
 * Unbounded backend whose counters are on a Redis or Valkey server and shared by any number of runtimes.
 *
 * <p><b>Exactly once.</b> Every call becomes an {@link Operation} in the {@link BatchQueue} of its counter's bucket.
 * The {@link BatchSender} sends operations in batches with consecutive numbers. The script that applies a batch stores
 * the number with the results, so that a batch that is sent again, because a reply was lost, returns the stored results
 * and is not applied again. A batch that may have been applied is never dropped. A caller that times out is: the
 * outcome of its operation is logged when the server has replied.
 *
 * <p><b>Buffered mode.</b> Additions are collected in this process and become operations at intervals. Calls that need
 * the server's value first send the buffered additions to the counter, in the same queue. An addition that returns a
 * value returns an estimate: the last known value on the server and the additions buffered since. Callers with an
 * {@link #additionBuffer} add without calling the backend.
 *
 * <p><b>Stop.</b> The values stay on the server, for the other runtimes. Operations that were acknowledged to callers
 * and that the server has not acknowledged go to a file, with which the next backend of the same name continues.
 */
final class RedisBackend implements WriteBufferingBackend, AutoCloseable {

    static final String TYPE = "redis";

    /** Number of counters that {@link #drain} takes together. */
    private static final int DRAIN_PAGE = 500;

    private static final long HEARTBEAT_MS = 1_000;
    private static final long POLL_NS = 1_000_000;

    private final RedisSettings settings;
    private final PendingFile pendingFile;
    private final ServiceLog log;
    private final Health health;
    private final BatchSender sender;
    private final Flusher flusher;
    private final CallCoordinator calls;
    private final BufferedAdditions additions;
    private final BackendDetails details;
    private final Semaphore room;
    private final String session = UUID.randomUUID().toString();
    private final Map<String, BufferedNamespace> namespaces = new ConcurrentHashMap<>();

    /**
     * Creates the backend without waiting for the server.
     *
     * @param pendingFile for operations that could not be sent
     * @param changeListener notified when the server stops responding or responds again
     * @throws IOException the file of an earlier backend cannot be restored; it is left unchanged
     */
    RedisBackend(String name, RedisSettings settings, Path pendingFile, ServiceLog log, Runnable changeListener)
            throws IOException {
        this.settings = settings;
        this.pendingFile = new PendingFile(pendingFile);
        this.log = log;
        List<QueueState> pending = this.pendingFile.restore(settings.buckets());
        room = new Semaphore(settings.maxBuffered());
        SenderThreads threads = new SenderThreads(settings.poolSize());
        // On another thread: the one that detects the change may be a caller that holds locks of the registry.
        health = new Health(
                log,
                "backend=" + CounterNames.backendLabel(TYPE, name) + " server=" + settings.topology(),
                () -> threads.execute(changeListener),
                System::nanoTime);
        AdaptiveSpin spin = new AdaptiveSpin();
        ServerLayout layout = new ServerLayout(settings.prefix(), settings.buckets());
        ClientPool clients = new ClientPool(settings.topology(), settings.poolSize());
        sender = new BatchSender(threads, clients, health, layout, spin, settings.ttlMs());
        flusher = new Flusher(namespaces.values(), sender);
        calls = new CallCoordinator(name, settings, sender, flusher, spin);
        additions = new BufferedAdditions(settings, calls, sender, flusher, room);
        details = new BackendDetails(name, settings, health, layout, calls, namespaces.values(), this::namespace);
        resume(pending);
        threads.repeat(flusher::flush, settings.flushIntervalMs());
        Heartbeat heartbeat = new Heartbeat(sender, settings.prefix(), session);
        threads.repeat(
                () -> {
                    heartbeat.beat();
                    flusher.retryRejected();
                },
                HEARTBEAT_MS);
    }

    private void resume(List<QueueState> pending) {
        for (QueueState state : pending) {
            BatchQueue queue = namespace(state.namespace()).queues().queues()[state.index()];
            queue.restore(state);
            sender.resume(queue);
        }
        if (!pending.isEmpty()) {
            log.info("pending operations restored: file=" + pendingFile.path() + " buckets=" + pending.size());
        }
    }

    private BufferedNamespace namespace(String name) {
        BufferedNamespace known = namespaces.get(name);
        return known != null
                ? known
                : namespaces.computeIfAbsent(
                        CounterNames.check("namespace", name),
                        absent ->
                                BufferedNamespace.create(absent, settings.buckets(), settings.prefix(), session, room));
    }

    @Override
    public long inc(String namespace, String key, long step, long initial) {
        BufferedNamespace target = namespace(namespace);
        CounterNames.check("key", key);
        checkRepresentable(step);
        checkRepresentable(initial);
        if (settings.buffered() && Cell.isSmallStep(step)) {
            OptionalLong estimate = target.buffer().inc(key, step);
            if (estimate.isPresent()) {
                return estimate.getAsLong();
            }
            if (health.problem() != null && initial == 0) {
                return additions.addSmall(target, key, step);
            }
        }
        long value = calls.value(target, Operation.add(key, step, initial)).getAsLong();
        if (settings.buffered() && !calls.isClosed()) {
            target.buffer().recordValue(key, value);
        }
        return value;
    }

    @Override
    public void add(String namespace, String key, long step) {
        if (!settings.buffered()) {
            inc(namespace, key, step, 0);
            return;
        }
        BufferedNamespace target = namespace(namespace);
        CounterNames.check("key", key);
        checkRepresentable(step);
        additions.add(target, key, step);
    }

    @Override
    public AdditionBuffer additionBuffer(String namespace) {
        BufferedNamespace target = namespace(namespace);
        return settings.buffered() ? additions.view(target) : null;
    }

    @Override
    public OptionalLong get(String namespace, String key) {
        return calls.value(namespace(namespace), Operation.get(CounterNames.check("key", key)));
    }

    @Override
    public long set(String namespace, String key, long value) {
        checkRepresentable(value);
        return calls.value(namespace(namespace), Operation.set(CounterNames.check("key", key), value))
                .getAsLong();
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return set(namespace, key, initial);
    }

    @Override
    public void delete(String namespace, String key) {
        calls.call(namespace(namespace), Operation.delete(CounterNames.check("key", key)));
    }

    @Override
    public OptionalLong take(String namespace, String key) {
        return calls.value(namespace(namespace), Operation.take(CounterNames.check("key", key)));
    }

    @Override
    public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        checkRepresentable(expected);
        checkRepresentable(newValue);
        return ScriptReply.casResult(
                calls.call(namespace(namespace), Operation.swap(CounterNames.check("key", key), expected, newValue)));
    }

    /** Waits for the server if it responds; otherwise guarantees the addition, to be sent later. */
    @Override
    public void merge(String namespace, String key, long value) {
        BufferedNamespace target = namespace(namespace);
        Operation addition = Operation.add(CounterNames.check("key", key), checkRepresentable(value), 0);
        if (health.problem() != null) {
            calls.checkOpen(namespace);
            calls.guarantee(target, addition);
        } else {
            calls.callOrGuarantee(target, addition);
        }
    }

    private static long checkRepresentable(long number) {
        if (number == Long.MIN_VALUE) {
            throw new IllegalArgumentException("number is reserved: value=" + number + " lowest=" + -Long.MAX_VALUE);
        }
        return number;
    }

    @Override
    public Map<String, Long> getAll(String namespace) {
        BufferedNamespace target = namespace(namespace);
        flush(namespace);
        Map<String, Long> all = new HashMap<>();
        for (BatchQueue queue : target.queues().queues()) {
            all.putAll(calls.query(namespace, client -> {
                Map<String, Long> counters = new HashMap<>();
                client.scan(queue.valuesKey, counters::put);
                return counters;
            }));
        }
        return all;
    }

    @Override
    public void deleteNamespace(String namespace) {
        calls.callEverywhere(namespace(namespace), Operation::clear);
    }

    /**
     * Takes counters one by one, each atomically with its last value; after a failure, adds the values taken so far
     * again.
     */
    @Override
    public Map<String, Long> drain(String namespace) {
        BufferedNamespace target = namespace(namespace);
        Map<String, Long> taken = new HashMap<>();
        List<String> keys = new ArrayList<>(getAll(namespace).keySet());
        for (int from = 0; from < keys.size(); from += DRAIN_PAGE) {
            RuntimeException failure =
                    take(target, keys.subList(from, Math.min(keys.size(), from + DRAIN_PAGE)), taken);
            if (failure != null) {
                taken.forEach((key, value) -> sender.offer(target.queue(key), Operation.guaranteed(key, value)));
                throw failure;
            }
        }
        return taken;
    }

    /** Takes counters together; returns the last failure, or null if all were taken. */
    private RuntimeException take(BufferedNamespace namespace, List<String> keys, Map<String, Long> taken) {
        List<Operation> operations = keys.stream().map(Operation::take).toList();
        RuntimeException failure = null;
        try {
            operations.forEach(operation -> calls.enqueue(namespace, operation));
        } catch (RuntimeException e) {
            failure = e;
        }
        for (Operation operation : operations) {
            try {
                ScriptReply.value(calls.await(namespace, namespace.queue(operation.key), operation))
                        .ifPresent(value -> taken.put(operation.key, value));
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        return failure;
    }

    /** Returns when all buffered additions are on the server. Contacts it even if there are none. */
    @Override
    public void flush(String namespace) {
        BufferedNamespace target = namespace(namespace);
        String problem = settings.topology().isCluster() ? problemOf(target) : health.problem();
        if (problem != null) { // without a timeout: the registry flushes every namespace placed here
            throw BackendUnavailableException.notApplied("server does not respond (" + problem + ")", namespace);
        }
        calls.callEverywhere(target, Operation::noop);
        if (!target.queues().rejected.isEmpty()) {
            throw BackendUnavailableException.notApplied(
                    "server rejects additions (" + target.queues().rejected.peek() + ")", namespace);
        }
    }

    private static String problemOf(BufferedNamespace namespace) {
        return Stream.of(namespace.queues().queues())
                .map(BatchQueue::problem)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    public BackendInfo info() {
        return details.info();
    }

    /** Returns whether the server responds. */
    boolean isConnected() {
        return health.isConnected();
    }

    /** Sends all pending operations if the server responds in time, and writes the rest to the file. */
    @Override
    public void close() {
        calls.close();
        flusher.pushAll();
        long endNs = System.nanoTime() + calls.timeoutNs();
        while (health.problem() == null && hasPending() && System.nanoTime() < endNs) {
            LockSupport.parkNanos(POLL_NS);
        }
        sender.close();
        List<QueueState> pending = flusher.close(calls::stopped);
        if (pending.isEmpty()) {
            return;
        }
        try {
            pendingFile.write(pending);
            log.info("pending operations saved: file=" + pendingFile.path() + " buckets=" + pending.size());
        } catch (IOException e) {
            log.error(
                    "pending operations lost: file=" + pendingFile.path() + " problem=" + e + " operations=" + pending);
        }
    }

    private boolean hasPending() {
        return namespaces.values().stream()
                .flatMap(namespace -> Stream.of(namespace.queues().queues()))
                .anyMatch(queue -> queue.pending() > 0);
    }
}
