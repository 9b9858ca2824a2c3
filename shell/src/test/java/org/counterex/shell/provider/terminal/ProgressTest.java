package org.counterex.shell.provider.terminal;

import static org.junit.Assert.assertEquals;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class ProgressTest {

    private final List<String> drawn = new ArrayList<>();
    private long milliseconds;

    @Test
    public void bar_frequentUpdates_isDrawnTenTimesASecond() {
        Progress progress = new Progress(screen(), "f\n", 4_000_000, () -> milliseconds * 1_000_000);
        for (int i = 0; i < 100; i++) {
            milliseconds += 5;
            progress.accept(10_000L * i);
        }
        assertEquals(5, drawn.size());
        assertEquals("f\\u000a [#" + " ".repeat(29) + "]   5 % 0.2 MB, 1.9 MB/s", drawn.get(0));
        assertEquals("f\\u000a [#######" + " ".repeat(23) + "]  25 % 1.0 MB, 2.0 MB/s", drawn.get(4));
    }

    @Test
    public void amount_unknownTotal_isDrawnWithoutBar() {
        Progress progress = new Progress(screen(), "-", 0, () -> milliseconds * 1_000_000);
        milliseconds = 2_000;
        progress.accept(3_000_000);
        assertEquals(List.of("- 3.0 MB, 1.5 MB/s"), drawn);
    }

    @Test
    public void bar_grownFile_staysFull() {
        Progress progress = new Progress(screen(), "f", 1, () -> milliseconds * 1_000_000);
        milliseconds = 1_000;
        progress.accept(2_000_000);
        assertEquals(List.of("f [" + "#".repeat(30) + "] 100 % 2.0 MB, 2.0 MB/s"), drawn);
    }

    private Screen screen() {
        return new Screen() {
            @Override
            public int rows() {
                return 1;
            }

            @Override
            public boolean redraws() {
                return true;
            }

            @Override
            public void draw(List<String> lines) {
                drawn.addAll(lines);
            }

            @Override
            public InputStream typed() {
                return InputStream.nullInputStream();
            }

            @Override
            public boolean keyWithin(long milliseconds) {
                return false;
            }

            @Override
            public void close() {}
        };
    }
}
