package org.counterex.backend.redis.provider;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.backend.table.AdditionBuffer;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.LongCell;
import org.counterex.backend.redis.provider.batch.BatchSender;
import org.counterex.backend.redis.provider.batch.Operation;
import org.counterex.backend.redis.provider.buffer.BufferedNamespace;
import org.counterex.backend.redis.provider.buffer.Flusher;

/** Additions that do not wait for the server: in a cell, or as a guaranteed operation if the step does not fit one. */
final class BufferedAdditions {

    private final RedisSettings settings;
    private final CallCoordinator calls;
    private final BatchSender sender;
    private final Flusher flusher;

    /** Bounds the counters with additions that the server has not acknowledged. */
    private final Semaphore room;

    BufferedAdditions(
            RedisSettings settings, CallCoordinator calls, BatchSender sender, Flusher flusher, Semaphore room) {
        this.settings = settings;
        this.calls = calls;
        this.sender = sender;
        this.flusher = flusher;
        this.room = room;
    }

    void add(BufferedNamespace namespace, String key, long step) {
        if (Cell.isSmallStep(step)) {
            addSmall(namespace, key, step);
        } else {
            addLarge(namespace, key, step);
        }
    }

    /**
     * Adds in a cell, waiting for room if there is none, and returns the raw result.
     *
     * @throws BackendUnavailableException there was no room in time; nothing was added
     */
    long addSmall(BufferedNamespace namespace, String key, long step) {
        calls.checkOpen(namespace.name());
        long raw;
        try {
            raw = namespace.buffer().add(key, step, settings.responseTimeoutMs());
        } catch (InterruptedException e) {
            throw CallCoordinator.interrupted(namespace.name(), e);
        }
        if (raw == Cell.SEALED) {
            calls.checkOpen(namespace.name());
            throw full(namespace, key);
        }
        if (!Cell.isFastResult(raw) || calls.isClosed()) {
            sender.push(namespace.queue(key), key);
        }
        return raw;
    }

    private void addLarge(BufferedNamespace namespace, String key, long step) {
        calls.checkOpen(namespace.name());
        try {
            if (!room.tryAcquire(settings.responseTimeoutMs(), TimeUnit.MILLISECONDS)) {
                throw full(namespace, key);
            }
        } catch (InterruptedException e) {
            throw CallCoordinator.interrupted(namespace.name(), e);
        }
        calls.guarantee(namespace, Operation.add(key, step, 0).onSettled(result -> room.release()));
    }

    private BackendUnavailableException full(BufferedNamespace namespace, String key) {
        return BackendUnavailableException.notApplied(
                "write buffer is full (maxBuffered=" + settings.maxBuffered() + ")"
                        + CallCoordinator.problemOf(namespace.queue(key)),
                namespace.name());
    }

    /** Returns a view of the cells for callers that add without calling the backend. */
    AdditionBuffer view(BufferedNamespace namespace) {
        return new AdditionBuffer() {
            @Override
            protected LongCell cell(String key) {
                return namespace.buffer().cell(key);
            }

            @Override
            protected void seal() {
                flusher.push(namespace);
            }
        };
    }
}
