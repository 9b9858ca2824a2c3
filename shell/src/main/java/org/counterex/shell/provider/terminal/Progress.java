package org.counterex.shell.provider.terminal;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.counterex.api.CounterNames;

/** Progress bar, drawn at most ten times a second. Not thread-safe. */
public final class Progress implements LongConsumer {

    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int WIDTH = 30;

    private final Screen screen;
    private final String label;
    private final long total;
    private final LongSupplier clock;
    private final long begin;
    private long next;

    /**
     * @param total number of bytes, 0 if unknown
     * @param clock in nanoseconds
     */
    public Progress(Screen screen, String label, long total, LongSupplier clock) {
        this.screen = screen;
        this.label = CounterNames.escape(label);
        this.total = total;
        this.clock = clock;
        begin = clock.getAsLong();
        next = begin + PERIOD;
    }

    /** @param bytes number of bytes processed so far */
    @Override
    public void accept(long bytes) {
        long now = clock.getAsLong();
        if (now - next >= 0) {
            next = now + PERIOD;
            screen.draw(List.of(line(bytes, (now - begin) / 1e9)));
        }
    }

    private String line(long bytes, double seconds) {
        String amount = String.format(Locale.ROOT, "%.1f MB, %.1f MB/s", bytes / 1e6, bytes / 1e6 / seconds);
        if (total == 0) {
            return label + " " + amount;
        }
        double share = Math.min(1.0, (double) bytes / total);
        int full = (int) (share * WIDTH);
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %3.0f %% %s",
                label,
                "#".repeat(full),
                " ".repeat(WIDTH - full),
                100 * share,
                amount);
    }
}
