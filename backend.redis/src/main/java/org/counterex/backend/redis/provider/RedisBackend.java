package org.counterex.backend.redis.provider;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CasResult;
import org.counterex.api.CounterException;
import org.counterex.api.CounterNames;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.table.AdditionBuffer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.api.backend.table.WriteBufferingBackend;
import org.counterex.support.log.ServiceLog;

/**
 * Any number of counters in a Redis or Valkey server, which any number of runtimes count on together.
 *
 * <p><b>Exactly once.</b> Every call is an {@link Operation} in the queue of the {@link BatchQueue} that has its counter. The {@link
 * BatchSender} brings them to the server in batches, each with the number that follows that of the batch before it. The script that
 * applies a batch remembers this number with the answers, so that a batch which has to be sent again, because an answer was
 * lost, is answered and not applied again. Nothing is given up of which it is not known whether it was applied: callers are,
 * and what became of their call is in the log when the server has told.
 *
 * <p><b>Buffered</b>, additions are counted here, in {@link WriteBuffer}, and become operations every so often. Calls that need the
 * server's value have what was counted here on the counter sent before them, in the same queue. An addition that wants a result
 * gets an estimate: what the server had when it was last heard of, and what was counted here since. Who is shown the {@link
 * #additionBuffer} adds without calling this.
 *
 * <p><b>Leaving.</b> The values stay on the server, they are everyone's. What was acknowledged here and is not there, or may be
 * there, goes into a file for the next backend of this name.
 */
final class RedisBackend implements WriteBufferingBackend, AutoCloseable {

    static final String TYPE = "redis";

    /** How many counters a drain takes at once. */
    private static final int PAGE = 500;

    private static final long HEARTBEAT_MS = 1_000;
    private static final long POLL_NS = 1_000_000;

    private final String name;
    private final RedisSettings settings;
    private final PendingFile unsent;
    private final ServiceLog log;
    private final Health health;
    private final BatchSender sender;
    private final Semaphore room;
    private final String session = UUID.randomUUID().toString();
    private final Map<String, NamespaceQueues> spaces = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Does not wait for the server.
     *
     * @param unsent where to keep what could not be sent
     * @param changed told when the server has gone or come back
     * @throws IOException what an earlier backend left there cannot be read, and stays as it is
     */
    RedisBackend(String name, RedisSettings settings, Path unsent, ServiceLog log, Runnable changed)
            throws IOException {
        this.name = name;
        this.settings = settings;
        this.unsent = new PendingFile(unsent);
        this.log = log;
        List<PendingFile.Entry> left = this.unsent.restore(settings.buckets());
        room = new Semaphore(settings.maxBuffered());
        // By another thread: who finds out may be a caller, with locks of the registry.
        health = new Health(
                log,
                "backend=" + CounterNames.backendLabel(TYPE, name) + " server=" + settings.nodes(),
                () -> sender().execute(changed),
                System::nanoTime);
        sender = new BatchSender(
                settings.nodes(), health, settings.prefix(), settings.buckets(), settings.ttlMs(), settings.poolSize());
        for (PendingFile.Entry entry : left) {
            BatchQueue bucket = space(entry.namespace()).buckets()[entry.index()];
            bucket.restore(entry);
            sender.offer(bucket, List.of());
        }
        if (!left.isEmpty()) {
            log.info("what could not be sent is taken up: file=" + unsent + " buckets=" + left.size());
        }
        sender.every(settings.flushIntervalMs(), this::flushAll);
        BatchQueue heart = new NamespaceQueues("heartbeat", 1, settings.prefix(), session, room).buckets()[0];
        sender.offer(heart, List.of(Operation.nothing()));
        sender.every(HEARTBEAT_MS, () -> heartbeat(heart));
    }

    private BatchSender sender() {
        return sender;
    }

    private NamespaceQueues space(String namespace) {
        NamespaceQueues known = spaces.get(namespace);
        return known != null
                ? known
                : spaces.computeIfAbsent(
                        CounterNames.check("namespace", namespace),
                        absent -> new NamespaceQueues(absent, settings.buckets(), settings.prefix(), session, room));
    }

    // Calls

    @Override
    public long inc(String namespace, String key, long step, long initial) {
        NamespaceQueues space = space(namespace);
        CounterNames.check("key", key);
        representable(step);
        representable(initial);
        if (settings.buffered() && Cell.isSmallStep(step)) {
            OptionalLong estimate = space.deltas.inc(key, step);
            if (estimate.isPresent()) {
                return estimate.getAsLong();
            }
            if (health.problem() != null && initial == 0) {
                return buffer(space, key, step);
            }
        }
        long value = value(space, Operation.add(key, step, initial)).getAsLong();
        if (settings.buffered() && !closed) {
            space.deltas.learn(key, value);
        }
        return value;
    }

    @Override
    public void add(String namespace, String key, long step) {
        if (!settings.buffered()) {
            inc(namespace, key, step, 0);
            return;
        }
        NamespaceQueues space = space(namespace);
        CounterNames.check("key", key);
        representable(step);
        if (Cell.isSmallStep(step)) {
            buffer(space, key, step);
        } else {
            bufferBig(space, key, step);
        }
    }

    @Override
    public AdditionBuffer additionBuffer(String namespace) {
        NamespaceQueues space = space(namespace);
        return !settings.buffered()
                ? null
                : new AdditionBuffer() {
                    @Override
                    protected LongCell cell(String key) {
                        return space.deltas.cell(key);
                    }

                    @Override
                    protected void seal() {
                        pushAll(space);
                    }
                };
    }

    /** One that does not fit a cell takes room for itself. */
    private void bufferBig(NamespaceQueues space, String key, long step) {
        refuseIfClosed(space.name);
        try {
            if (!room.tryAcquire(settings.responseTimeoutMs(), TimeUnit.MILLISECONDS)) {
                throw full(space, key);
            }
        } catch (InterruptedException e) {
            throw interrupted(space.name, e);
        }
        guarantee(space, Operation.add(key, step, 0).then(answer -> room.release()));
    }

    /** Counts here, if there is room in time; the raw result. */
    private long buffer(NamespaceQueues space, String key, long step) {
        refuseIfClosed(space.name);
        long raw;
        try {
            raw = space.deltas.add(key, step, settings.responseTimeoutMs());
        } catch (InterruptedException e) {
            throw interrupted(space.name, e);
        }
        if (raw == Cell.SEALED) {
            refuseIfClosed(space.name);
            throw full(space, key);
        }
        if (!Cell.isFastResult(raw) || closed) {
            sender.push(space.bucket(key), key);
        }
        return raw;
    }

    /** From now on this backend answers for an addition. */
    private void guarantee(NamespaceQueues space, Operation addition) {
        sender.offer(space.bucket(addition.key), List.of(addition));
        if (!addition.guarantee()) {
            addition.done("");
            checkDone(space, addition, joined(addition));
        }
    }

    @Override
    public OptionalLong get(String namespace, String key) {
        return value(space(namespace), Operation.get(CounterNames.check("key", key)));
    }

    @Override
    public long set(String namespace, String key, long value) {
        representable(value);
        return value(space(namespace), Operation.set(CounterNames.check("key", key), value))
                .getAsLong();
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return set(namespace, key, initial);
    }

    @Override
    public void delete(String namespace, String key) {
        answer(space(namespace), Operation.delete(CounterNames.check("key", key)));
    }

    @Override
    public OptionalLong take(String namespace, String key) {
        return value(space(namespace), Operation.take(CounterNames.check("key", key)));
    }

    @Override
    public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        representable(expected);
        representable(newValue);
        return ScriptReply.swapped(
                answer(space(namespace), Operation.swap(CounterNames.check("key", key), expected, newValue)));
    }

    /** Waits for the server if that answers; if not, this backend answers for the addition, and sends it later. */
    @Override
    public void merge(String namespace, String key, long value) {
        NamespaceQueues space = space(namespace);
        Operation addition = Operation.add(CounterNames.check("key", key), representable(value), 0);
        if (health.problem() != null) {
            refuseIfClosed(namespace);
            guarantee(space, addition);
            return;
        }
        start(space, addition);
        String answer = awaited(addition);
        if (answer == null) {
            if (addition.guarantee()) {
                return;
            }
            answer = joined(addition);
        }
        checkDone(space, addition, answer);
    }

    @Override
    public Map<String, Long> getAll(String namespace) {
        NamespaceQueues space = space(namespace);
        flush(namespace);
        Map<String, Long> all = new HashMap<>();
        for (BatchQueue bucket : space.buckets()) {
            all.putAll(asked(namespace, client -> {
                Map<String, Long> counters = new HashMap<>();
                client.scan(bucket, counters::put);
                return counters;
            }));
        }
        return all;
    }

    @Override
    public void deleteNamespace(String namespace) {
        NamespaceQueues space = space(namespace);
        everywhere(space, Operation::clear);
    }

    /** Has the same done in every bucket, behind what was counted here, and waits until it is done in all. */
    private void everywhere(NamespaceQueues space, Supplier<Operation> operation) {
        pushAll(space);
        Map<BatchQueue, Operation> begun = new LinkedHashMap<>();
        for (BatchQueue bucket : space.buckets()) {
            Operation one = operation.get();
            sender.offer(bucket, List.of(one));
            begun.put(bucket, one);
        }
        begun.forEach((bucket, one) -> settled(space, bucket, one));
    }

    /** Takes counters one by one, each at once with its last value; if that fails, those that were taken are put back. */
    @Override
    public Map<String, Long> drain(String namespace) {
        NamespaceQueues space = space(namespace);
        Map<String, Long> taken = new HashMap<>();
        List<String> keys = new ArrayList<>(getAll(namespace).keySet());
        for (int from = 0; from < keys.size(); from += PAGE) {
            List<Operation> page = keys.subList(from, Math.min(keys.size(), from + PAGE)).stream()
                    .map(Operation::take)
                    .toList();
            RuntimeException failure = null;
            try {
                page.forEach(take -> enqueue(space, take));
            } catch (RuntimeException e) {
                failure = e;
            }
            for (Operation take : page) {
                try {
                    ScriptReply.value(settled(space, space.bucket(take.key), take))
                            .ifPresent(value -> taken.put(take.key, value));
                } catch (RuntimeException e) {
                    failure = e;
                }
            }
            if (failure != null) {
                taken.forEach(
                        (key, value) -> sender.offer(space.bucket(key), List.of(Operation.guaranteed(key, value))));
                throw failure;
            }
        }
        return taken;
    }

    /** Returns when all that was counted here before is on the server; also where there is nothing, it has to answer. */
    @Override
    public void flush(String namespace) {
        NamespaceQueues space = space(namespace);
        String problem = settings.nodes().isCluster() ? problemOf(space) : health.problem();
        if (problem != null) { // not waited for: the registry asks for every namespace that belongs here
            throw BackendUnavailableException.notApplied("server does not answer (" + problem + ")", namespace);
        }
        everywhere(space, Operation::nothing);
        if (!space.refused.isEmpty()) {
            throw BackendUnavailableException.notApplied(
                    "server refuses additions: " + space.refused.peek(), namespace);
        }
    }

    private static String problemOf(NamespaceQueues space) {
        return Stream.of(space.buckets())
                .map(BatchQueue::problem)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    // On the way

    private OptionalLong value(NamespaceQueues space, Operation operation) {
        return ScriptReply.value(answer(space, operation));
    }

    private String answer(NamespaceQueues space, Operation operation) {
        start(space, operation);
        return settled(space, space.bucket(operation.key), operation);
    }

    /** Puts an operation into the queue, behind what was counted here on the same counter. */
    private void enqueue(NamespaceQueues space, Operation operation) {
        BatchQueue bucket = pushed(space, operation);
        sender.offer(bucket, List.of(operation));
    }

    /** The same for who is going to wait for this one alone. */
    private void start(NamespaceQueues space, Operation operation) {
        BatchQueue bucket = pushed(space, operation);
        sender.send(bucket, operation);
    }

    private BatchQueue pushed(NamespaceQueues space, Operation operation) {
        refuseIfClosed(space.name);
        BatchQueue bucket = space.bucket(operation.key);
        if (settings.buffered()) {
            sender.push(bucket, operation.key);
        }
        return bucket;
    }

    /** The answer; null if it did not come in time, or the caller is interrupted. */
    private String awaited(Operation operation) {
        sender.spinBeforePark(operation);
        try {
            return operation.result.get(operation.leftOf(timeoutNs()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            throw told(e.getCause());
        }
    }

    private static String joined(Operation operation) {
        try {
            return operation.result.join();
        } catch (CompletionException e) {
            throw told(e.getCause());
        }
    }

    private static RuntimeException told(Throwable failure) {
        return failure instanceof CounterException known ? known : new IllegalStateException(failure);
    }

    private long timeoutNs() {
        return TimeUnit.MILLISECONDS.toNanos(settings.responseTimeoutMs());
    }

    /**
     * Waits for an answer.
     *
     * @throws CounterException the operation was not done, or nobody knows
     */
    private String settled(NamespaceQueues space, BatchQueue bucket, Operation operation) {
        String answer = awaited(operation);
        if (answer == null) {
            boolean sent = !bucket.withdraw(operation);
            if (!sent || operation.giveUp()) {
                String problem = "server does not answer in time" + problem(bucket);
                throw sent && operation.writes()
                        ? BackendUnavailableException.outcomeUnknown(problem, space.name)
                        : BackendUnavailableException.notApplied(problem, space.name);
            }
            answer = joined(operation);
        }
        return checkDone(space, operation, answer);
    }

    private static String checkDone(NamespaceQueues space, Operation operation, String answer) {
        if (!ScriptReply.isDone(answer)) {
            throw ScriptReply.refusal(space.name, operation, answer);
        }
        return answer;
    }

    private <R> R asked(String namespace, Function<RedisClient, R> question) {
        refuseIfClosed(namespace);
        Future<R> answer = sender.ask(question);
        try {
            return answer.get(settings.responseTimeoutMs(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted(namespace, e);
        } catch (TimeoutException | CancellationException e) {
            answer.cancel(false); // so that questions do not pile up which nobody wants answered
            throw BackendUnavailableException.notApplied("server does not answer in time", namespace);
        } catch (ExecutionException e) {
            throw BackendUnavailableException.notApplied(
                    "server does not tell (" + e.getCause().getMessage() + ")", namespace);
        }
    }

    private static String problem(BatchQueue bucket) {
        String problem = bucket.problem();
        return problem == null ? "" : " (" + problem + ")";
    }

    private static long representable(long number) {
        if (number == Long.MIN_VALUE) {
            throw new IllegalArgumentException("number is reserved: " + number);
        }
        return number;
    }

    private void refuseIfClosed(String namespace) {
        if (closed) {
            throw stopped(namespace);
        }
    }

    private BackendUnavailableException full(NamespaceQueues space, String key) {
        return BackendUnavailableException.notApplied(
                "additions are buffered on as many counters as may be: maxBuffered=" + settings.maxBuffered()
                        + problem(space.bucket(key)),
                space.name);
    }

    private static BackendUnavailableException interrupted(String namespace, InterruptedException e) {
        Thread.currentThread().interrupt();
        return BackendUnavailableException.notApplied("interrupted", namespace, e);
    }

    private BackendUnavailableException stopped(String namespace) {
        return BackendUnavailableException.notApplied("backend " + name + " has stopped", namespace);
    }

    // What was counted here

    private void pushAll(NamespaceQueues space) {
        space.deltas.keys().forEach(key -> sender.push(space.bucket(key), key));
    }

    /**
     * Every so often: sends what was counted here, as far as the buckets keep up. What did not fit comes before what did is sent
     * again, so that no counter waits for ever while others are counted on all the time.
     */
    private void flushAll() {
        for (NamespaceQueues space : spaces.values()) {
            Set<BatchQueue> full = new HashSet<>();
            for (String key : space.deltas.keys()) {
                BatchQueue bucket = space.bucket(key);
                if (bucket.flushed.contains(key)) {
                    continue;
                }
                if (bucket.isBehind()) {
                    full.add(bucket);
                } else {
                    sender.push(bucket, key);
                    bucket.flushed.add(key);
                }
            }
            for (BatchQueue bucket : space.buckets()) {
                if (!full.contains(bucket)) {
                    bucket.flushed.clear();
                }
            }
        }
    }

    /** Finds out whether the server answers though nobody calls, and whether it takes what it has refused. */
    private void heartbeat(BatchQueue heart) {
        if (heart.pending() == 0) {
            sender.offer(heart, List.of(Operation.nothing()));
        }
        for (NamespaceQueues space : spaces.values()) {
            space.refusing = !space.refused.isEmpty();
            for (int left = space.refused.size(); left > 0; left--) {
                Operation operation = space.refused.poll();
                if (operation != null) {
                    sender.offer(space.bucket(operation.key), List.of(operation));
                }
            }
        }
    }

    // What there is

    @Override
    public BackendInfo info() {
        Map<String, Long> sizes = new HashMap<>();
        if (health.problem() == null && !closed) {
            try {
                sizes.putAll(asked("", this::sizes));
            } catch (BackendUnavailableException e) {
                // The details say so.
            }
        }
        return BackendInfo.of(TYPE, name, sizes).withDetails(details());
    }

    private Map<String, Long> sizes(RedisClient client) {
        Map<String, Long> sizes = new HashMap<>();
        for (String namespace : sender.namespaces(client)) {
            if (!CounterNames.isValid(namespace)) {
                continue; // others write to that set too
            }
            long size = 0;
            for (BatchQueue bucket : space(namespace).buckets()) {
                size += client.size(bucket);
            }
            if (size > 0) {
                sizes.put(namespace, size);
            }
        }
        return sizes;
    }

    private Map<String, String> details() {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("server", settings.nodes().toString());
        details.put("mode", settings.buffered() ? RedisConfig.BUFFERED : RedisConfig.EXACT);
        details.put("state", health.state());
        details.put("buckets", Integer.toString(settings.buckets()));
        details.put("keyPrefix", settings.prefix());
        details.put("operations", Long.toString(health.operations()));
        details.put("batches", Long.toString(health.batches()));
        details.put(
                "pending", Long.toString(buckets().mapToInt(BatchQueue::pending).sum()));
        details.put(
                "unsettled",
                Long.toString(buckets().filter(BatchQueue::isUnsettled).count()));
        details.put("settledLate", Long.toString(health.late()));
        if (settings.buffered()) {
            details.put(
                    "buffered",
                    Integer.toString(spaces.values().stream()
                            .mapToInt(space -> space.deltas.size())
                            .sum()));
        }
        if (health.problem() != null) {
            details.put("problem", health.problem());
        }
        if (health.lost() > 0) {
            details.put("lostByServer", Long.toString(health.lost()));
        }
        if (health.unsettled() > 0) {
            details.put("outcomeUnknown", Long.toString(health.unsettled()));
        }
        int refused =
                spaces.values().stream().mapToInt(space -> space.refused.size()).sum();
        if (refused > 0) {
            details.put("refusedByServer", Integer.toString(refused));
        }
        return details;
    }

    private Stream<BatchQueue> buckets() {
        return spaces.values().stream().flatMap(space -> Stream.of(space.buckets()));
    }

    /** Whether the server answers. */
    boolean isConnected() {
        return health.isConnected();
    }

    /** Sends what is left, if the server answers in time, and keeps the rest in the file. */
    @Override
    public void close() {
        closed = true;
        for (NamespaceQueues space : spaces.values()) {
            pushAll(space);
        }
        long end = System.nanoTime() + timeoutNs();
        while (health.problem() == null
                && buckets().anyMatch(bucket -> bucket.pending() > 0)
                && System.nanoTime() < end) {
            LockSupport.parkNanos(POLL_NS);
        }
        sender.close();
        List<PendingFile.Entry> left = new ArrayList<>();
        for (NamespaceQueues space : spaces.values()) {
            space.deltas.end();
            pushAll(space); // what was counted by whoever came late
            Collection<Operation> refused = List.copyOf(space.refused);
            for (BatchQueue bucket : space.buckets()) {
                bucket.offer(refused.stream()
                        .filter(operation -> space.bucket(operation.key) == bucket)
                        .toList());
                PendingFile.Entry entry = bucket.leftOver(stopped(space.name));
                if (entry != null) {
                    left.add(entry);
                }
            }
        }
        if (left.isEmpty()) {
            return;
        }
        try {
            unsent.write(left);
            log.info("what could not be sent is kept: file=" + unsent.path() + " buckets=" + left.size());
        } catch (IOException e) {
            log.error(
                    "what could not be sent is lost: file=" + unsent.path() + " problem=" + e + " operations=" + left);
        }
    }
}
