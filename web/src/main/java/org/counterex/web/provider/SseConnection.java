package org.counterex.web.provider;

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
 * Events on their way to one client, without a thread that waits for it. What it has not taken yet of the last sample is kept, and one
 * more sample, the newest; those between it misses. It misses no other event: if too many wait, the stream ends,
 * and the client comes again.
 *
 * <p><b>Threads.</b> Any may offer; the server's call back. What writes is whoever finds nobody writing: {@link #work} counts
 * those who came, the first of them goes on until it has seen all, and only it touches {@link #frames}, {@link #unflushed}
 * and the output.
 */
final class SseConnection implements WriteListener, AsyncListener {

    private static final int MOST_EVENTS = 256;

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final List<Chart> charts;
    private final Consumer<SseConnection> ended;

    private final AtomicReference<byte[][]> sample = new AtomicReference<>();
    private final Queue<byte[]> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger work = new AtomicInteger();

    private final Deque<byte[]> frames = new ArrayDeque<>();
    private boolean unflushed;
    private boolean completed;

    private volatile boolean open;
    private volatile boolean closing;
    private volatile long progress = System.nanoTime();
    private volatile boolean stuck;

    /** @param ended is told once when it is over */
    SseConnection(AsyncContext context, ServletOutputStream out, List<Chart> charts, Consumer<SseConnection> ended) {
        this.context = context;
        this.out = out;
        this.charts = charts;
        this.ended = ended;
        events.add("retry: 2000\n\n".getBytes(StandardCharsets.US_ASCII));
        waiting.set(1);
    }

    List<Chart> charts() {
        return charts;
    }

    /** Begins to send what is offered, as soon as the server can take it. */
    void begin() {
        out.setWriteListener(this);
    }

    /** The newest sample, in parts that others may share; nobody changes them. */
    void sample(byte[]... parts) {
        sample.set(parts);
        pump();
    }

    /** What is not to be missed. */
    void event(byte[] frame) {
        if (waiting.incrementAndGet() > MOST_EVENTS) {
            close();
        } else {
            events.add(frame);
            pump();
        }
    }

    /** For how long something has been waiting for the client, in ns. */
    long stuckFor(long now) {
        return stuck ? now - progress : 0;
    }

    /** For how long nothing was sent, in ns. */
    long silentFor(long now) {
        return now - progress;
    }

    /** Ends it, after what is being written. */
    void close() {
        closing = true;
        pump();
    }

    @Override
    public void onWritePossible() {
        open = true;
        pump();
    }

    @Override
    public void onError(Throwable problem) {
        close();
    }

    private void pump() {
        if (!open || work.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            try {
                write();
            } catch (IOException | RuntimeException e) {
                // The client has gone, or the server has ended the request.
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
                // The server calls back when it is.
                stuck = true;
                return;
            }
            if (stuck) {
                stuck = false;
                progress = System.nanoTime();
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
                progress = System.nanoTime();
            }
        }
    }

    private boolean next() {
        byte[] event = events.poll();
        if (event != null) {
            waiting.decrementAndGet();
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
                // the server was first
                ended.accept(this);
            }
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        ended.accept(this);
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
        // nobody starts it again
    }
}
