package org.counterex.bench;

import java.util.Map;
import org.counterex.api.CounterListener;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Benchmark of one addition without a listener, with a listener for another namespace, and with one for its own. */
public class ListenBenchmark {

    static final String NONE = "none";
    static final String OTHER = "other";
    static final String SAME = "same";

    /** The listener, if any. */
    @State(Scope.Benchmark)
    public static class Listening {

        @Param({NONE, OTHER, SAME})
        public String listening;

        /** Registers the listener, if any. */
        @Setup(Level.Trial)
        public void start(InUse use, Blackhole listener) {
            if (!listening.equals(NONE)) {
                String namespaces = listening.equals(SAME) ? "*" : "elsewhere";
                use.listen(listener::consume, Map.of(CounterListener.NAMESPACES, namespaces));
            }
        }
    }

    @Benchmark
    public long handle(InUse use, Listening listening) {
        return use.etsHandle.inc();
    }

    @Benchmark
    public void stripedHandle(InUse use, Listening listening) {
        use.stripedHandle.add(1);
    }

    @Benchmark
    public long name(InUse use, Listening listening, Cursor cursor) {
        return use.ets.inc(cursor.next(use.shuffled));
    }
}
