package org.counterex.web.provider.live;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Stream of server-sent events to one client, written without blocking. A slow client misses samples: at most the rest
 * of the sample being written and the newest one are retained. No other event is dropped: if too many are pending, the
 * stream ends and the client reconnects.
 *
 * <p><b>Threads.</b> Any thread may add events; the server's threads call back. {@link #work} counts the requests to
 * write: the thread that increments it from zero writes until it has served all of them, and only that thread accesses
 * {@link #frames}, {@link #unflushed} and the output.
 */
public final class SseConnection implements WriteListener, AsyncListener {

    private static final int MAX_PENDING = 256;

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final List<Chart> charts;
    private final Consumer<SseConnection> onEnd;

    private final AtomicReference<byte[][]> sample = new AtomicReference<>();
    private final Queue<byte[]> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger work = new AtomicInteger();

    private final Deque<byte[]> frames = new ArrayDeque<>();
    private boolean unflushed;
    private boolean completed;

    private volatile boolean writable;
    private volatile boolean closing;
    private volatile long lastWrite = System.nanoTime();
    private volatile boolean stalled;

    /** @param onEnd called once when the stream has ended */
    public SseConnection(
            AsyncContext context, ServletOutputStream out, List<Chart> charts, Consumer<SseConnection> onEnd) {
        this.context = context;
        this.out = out;
        this.charts = charts;
        this.onEnd = onEnd;
        events.add("retry: 2000\n\n".getBytes(StandardCharsets.US_ASCII));
        pending.set(1);
    }

    List<Chart> charts() {
        return charts;
    }

    /** Starts sending, as soon as the server can accept data. */
    public void begin() {
        out.setWriteListener(this);
    }

    /** Replaces the pending sample. The parts may be shared with other streams and must not be modified. */
    void sample(byte[]... parts) {
        sample.set(parts);
        pump();
    }

    /** Adds an event that must not be dropped. */
    void event(byte[] frame) {
        if (pending.incrementAndGet() > MAX_PENDING) {
            close();
        } else {
            events.add(frame);
            pump();
        }
    }

    /** Returns for how long data has been waiting for the client to read, in nanoseconds. */
    long stalledFor(long now) {
        return stalled ? now - lastWrite : 0;
    }

    /** Returns for how long nothing was sent, in nanoseconds. */
    long idleFor(long now) {
        return now - lastWrite;
    }

    /** Ends the stream after the data being written. */
    void close() {
        closing = true;
        pump();
    }

    @Override
    public void onWritePossible() {
        writable = true;
        pump();
    }

    @Override
    public void onError(Throwable problem) {
        close();
    }

    private void pump() {
        if (!writable || work.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            try {
                write();
            } catch (IOException | RuntimeException e) {
                // The client has disconnected, or the server has ended the request.
                complete();
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private void write() throws IOException {
        if (closing) {
            complete();
        }
        while (!completed) {
            if (!out.isReady()) {
                // The server calls onWritePossible when it is.
                stalled = true;
                return;
            }
            if (stalled) {
                stalled = false;
                lastWrite = System.nanoTime();
            }
            if (frames.isEmpty() && !next()) {
                if (!unflushed) {
                    return;
                }
                out.flush();
                unflushed = false;
            } else {
                out.write(frames.remove());
                unflushed = true;
                lastWrite = System.nanoTime();
            }
        }
    }

    private boolean next() {
        byte[] event = events.poll();
        if (event != null) {
            pending.decrementAndGet();
            frames.add(event);
            return true;
        }
        byte[][] parts = sample.getAndSet(null);
        if (parts != null) {
            frames.addAll(List.of(parts));
        }
        return parts != null;
    }

    private void complete() {
        if (!completed) {
            completed = true;
            frames.clear();
            try {
                context.complete();
            } catch (IllegalStateException e) {
                // the server has completed the request already
                onEnd.accept(this);
            }
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        onEnd.accept(this);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        close();
    }

    @Override
    public void onError(AsyncEvent event) {
        close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // the request is never restarted
    }
}
