package org.counterex.shell.provider;

import static org.counterex.shell.provider.command.Command.LINE;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.counterex.api.Counter;
import org.counterex.api.CounterNames;
import org.counterex.api.CounterNamespace;
import org.counterex.api.admin.BackendDTO;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.shell.provider.command.Command;
import org.counterex.shell.provider.measure.Throughput;
import org.counterex.shell.provider.measure.ThroughputMeasurement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Command {@code counter:bench}: a quick comparison of the active backends, no substitute for the project's benchmarks.
 */
@GogoCommand(scope = "counter", function = "bench")
@Component(service = BenchCommand.class, immediate = true)
public final class BenchCommand {

    private static final String BENCH = "bench [--threads N]";
    private static final int MAX_THREADS = 1024;
    private static final long WARM_UP_MS = 100;
    private static final int KEYS = 8;

    private final RegistryAccess access;
    private final long measureMs;

    @Activate
    public BenchCommand(@Reference RegistryAccess access) {
        this(access, 333);
    }

    BenchCommand(RegistryAccess access, long measureMs) {
        this.access = access;
        this.measureMs = measureMs;
    }

    @Descriptor("compare the speed of the active backends, about one second each")
    public List<Throughput> bench(
            @Descriptor(BENCH + LINE + "--threads  number of threads that count at a time; by default one per processor"
                            + LINE
                            + "Shows calls per second of all threads together, on 8 counters of a temporary namespace.")
                    String... words) {
        return Command.run(BENCH, words, arguments -> {
            int processors = Runtime.getRuntime().availableProcessors();
            int threads = (int) arguments.number("--threads", processors, 1, MAX_THREADS);
            BackendRegistry registry = access.registry();
            String name = "bench:" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
            CounterNamespace namespace = access.counters().namespace(name);
            boolean routed = false;
            try {
                List<Throughput> speeds = new ArrayList<>();
                // Run every backend once before measuring any, so that the JIT compiler has seen all implementations.
                for (long milliseconds : new long[] {Math.min(WARM_UP_MS, measureMs), measureMs}) {
                    speeds.clear();
                    for (BackendDTO backend : registry.backends()) {
                        // An empty namespace fits any backend.
                        namespace.deleteAll();
                        registry.swap(name, "(service.id=" + backend.serviceId + ")");
                        routed = true;
                        speeds.add(measure(backend, namespace, threads, milliseconds));
                    }
                }
                return speeds;
            } finally {
                namespace.deleteAll();
                if (routed) {
                    registry.unroute(BackendRegistry.quote(name));
                }
            }
        });
    }

    private static Throughput measure(BackendDTO backend, CounterNamespace namespace, int threads, long milliseconds)
            throws InterruptedException {
        int keys = backend.capacity == null ? KEYS : (int) Math.min(KEYS, backend.capacity);
        String[] names = IntStream.range(0, keys).mapToObj(i -> "key" + i).toArray(String[]::new);
        Counter[] handles = IntStream.range(0, keys)
                .mapToObj(i -> namespace.counter(names[i]))
                .toArray(Counter[]::new);
        ThroughputMeasurement test = new ThroughputMeasurement(threads, TimeUnit.MILLISECONDS.toNanos(milliseconds));
        return new Throughput(
                CounterNames.backendLabel(backend.type, backend.name),
                threads,
                test.perSecond(i -> namespace.inc(names[i % keys])),
                test.perSecond(i -> handles[i % keys].inc()),
                test.perSecond(i -> namespace.add(names[i % keys], 1)));
    }
}
