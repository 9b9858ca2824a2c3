package org.counterex.itest;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;
import org.counterex.api.admin.NamespaceDTO;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Client that counts until its process is killed. It prints recovered values, calls about to start and acknowledgements
 * to standard output, one unbuffered line each, for the {@link CrashLedger} of the parent process.
 *
 * <p>Each namespace has a backend and file of its own: {@code commit}, {@code interval}, {@code flushed} and {@code
 * hand} (both flush only on request), and {@code moved}, which moves to memory and back.
 */
public final class CrashClient implements BundleActivator {

    /** Framework property: the folder of the files. */
    static final String FOLDER = "counterex.crash.folder";

    /** Framework property: {@link #EVERYTHING} or {@link #MOVES}. */
    static final String LOAD = "counterex.crash.load";

    /** Counts in every namespace and moves {@code moved} continuously. */
    static final String EVERYTHING = "everything";

    /** Counts in {@code moved} and moves it when a line {@code in} or {@code out} is read. */
    static final String MOVES = "moves";

    /** Prefix of each line, because other code prints as well. */
    static final String MARK = "@ ";

    /** The number of counters of {@code hand} that are incremented together. */
    static final int TOGETHER = 50;

    /** The number of threads that add to the shared counter of {@code commit}. */
    static final int SHARING = 3;

    /** The step of these threads. */
    static final long STEP = 2;

    private static final String BACKEND = "org.counterex.backend.mvstore";
    private static final long NO_FLUSH_MS = 3_600_000;
    private static final int MAX_PAUSE_NS = 20_000_000;
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private BundleContext context;
    private Counters counters;
    private BackendRegistry registry;

    private interface Task {
        void run() throws Exception;
    }

    @Override
    public void start(BundleContext context) {
        this.context = context;
        begin("client", this::run);
    }

    @Override
    public void stop(BundleContext context) {
        // Never called: the process is killed.
    }

    private void begin(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (Exception | Error e) {
                        print("failed " + name + " " + e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void print(String line) {
        try {
            out.write((MARK + line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void run() throws Exception {
        boolean everything = context.getProperty(LOAD).equals(EVERYTHING);
        List<String> files = everything ? List.of("commit", "interval", "flushed", "hand", "moved") : List.of("moved");
        ConfigurationAdmin admin = service(ConfigurationAdmin.class);
        for (String file : files) {
            configure(admin, file);
        }
        counters = service(Counters.class);
        registry = service(BackendRegistry.class);
        Await.until(
                () -> files.stream().allMatch(this::isBound) && isBound("ets"),
                () -> registry.backends().toString());
        awaitControlThread();
        Await.until(
                () -> registry.namespaces().stream().noneMatch(n -> n.moving || !n.backend.equals(n.targetBackend)),
                () -> registry.namespaces().toString());
        awaitControlThread(); // a move that has ended may not be on disk yet
        for (String namespace : counters.namespaces()) {
            counters.namespace(namespace)
                    .getAll()
                    .forEach((key, value) -> print("value " + namespace + " " + key + " " + value));
        }
        NamespaceDTO moved = registry.explain("moved");
        print("backend " + (moved.counters == 0 ? moved.targetBackend : moved.backend));
        print("begin");
        for (int i = 0; i < 2; i++) {
            int writer = i;
            begin("moved", () -> countOnSeveral(writer));
        }
        if (everything) {
            beginEverything();
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            move(line);
        }
        Runtime.getRuntime().halt(1); // the parent process has ended
    }

    private void beginEverything() {
        for (int i = 0; i < SHARING; i++) {
            String key = "own" + i;
            begin("commit", () -> countEach(key));
        }
        begin("commit", this::setAndDelete);
        begin("hand", this::incrementTogether);
        AtomicLong[] interval = beginBatches("interval", 1_000);
        AtomicLong[] flushed = beginBatches("flushed", 100);
        begin("watch", () -> watch(interval));
        begin("flush", () -> flush(flushed));
        begin("flush", () -> flush(flushed));
        begin("mover", () -> {
            Random random = new Random();
            move("out");
            for (; ; ) {
                move("in");
                LockSupport.parkNanos(random.nextInt(MAX_PAUSE_NS));
                move("out");
                LockSupport.parkNanos(random.nextInt(MAX_PAUSE_NS));
            }
        });
    }

    private AtomicLong[] beginBatches(String namespace, int batch) {
        AtomicLong[] done = {new AtomicLong(), new AtomicLong()};
        for (int i = 0; i < done.length; i++) {
            String key = "own" + i;
            AtomicLong value = done[i];
            begin(namespace, () -> countInBatches(namespace, key, batch, value));
        }
        return done;
    }

    private <T> T service(Class<T> type) throws InterruptedException {
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
        tracker.open();
        return tracker.waitForService(0);
    }

    private void configure(ConfigurationAdmin admin, String name) throws IOException {
        Map<String, Object> settings = new HashMap<>();
        settings.put("name", name);
        settings.put("file", context.getProperty(FOLDER) + "/" + name + ".mv");
        if (name.equals("moved")) {
            // Short, so that a flush happens while a move is stopped at a step; otherwise long enough for unwritten
            // moves to
            // be observable.
            settings.put("flushIntervalMs", context.getProperty(LOAD).equals(MOVES) ? 10L : 100L);
        } else {
            settings.put("namespaces", name);
            settings.put("durability", name.equals("commit") ? "commit" : "interval");
            settings.put("flushIntervalMs", name.equals("interval") ? 100L : NO_FLUSH_MS);
        }
        Configuration configuration = admin.getFactoryConfiguration(BACKEND + ".instance", name, "?");
        Dictionary<String, Object> dictionary = new Hashtable<>(settings);
        configuration.updateIfDifferent(dictionary);
    }

    private boolean isBound(String name) {
        return registry.backends().stream().anyMatch(backend -> backend.name.equals(name));
    }

    /** Waits until the control thread has finished all earlier tasks, such as the restore of retained values. */
    private void awaitControlThread() {
        try {
            registry.unroute("nowhere");
        } catch (IllegalArgumentException e) {
            // Expected: thrown by the control thread after all earlier tasks.
        }
    }

    /** Prints every addition to its own counter and to the counter that several threads share. */
    private void countEach(String key) {
        CounterNamespace commit = counters.namespace("commit");
        Counter own = commit.counter(key);
        Counter shared = commit.counter("shared");
        for (long value = own.get().orElse(0) + 1; ; value++) {
            print("will commit " + key + " " + value);
            if (own.inc() != value) {
                print("failed wrong result: key=" + key + " expected=" + value);
            }
            print("done commit " + key + " " + value);
            shared.add(STEP);
            print("added commit shared " + STEP);
        }
    }

    private void setAndDelete() {
        CounterNamespace commit = counters.namespace("commit");
        for (long value = commit.get("set").orElse(0) + 1; ; value++) {
            print("will commit set " + value);
            commit.set("set", value);
            print("done commit set " + value);
            if (value % 3 == 0) {
                print("will commit set 0");
                commit.delete("set");
                print("done commit set 0");
            }
        }
    }

    private void countInBatches(String namespace, String key, int batch, AtomicLong done) {
        Counter counter = counters.namespace(namespace).counter(key);
        long value = counter.get().orElse(0);
        for (; ; ) {
            value += batch;
            print("will " + namespace + " " + key + " " + value);
            for (int i = 0; i < batch; i++) {
                counter.add(1);
            }
            done.set(value);
            print("done " + namespace + " " + key + " " + value + " " + System.nanoTime());
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Prints the flush count of the file with the values acknowledged before it was read. */
    private void watch(AtomicLong[] done) {
        for (; ; ) {
            long first = done[0].get();
            long second = done[1].get();
            String flushes = registry.backends().stream()
                    .filter(backend -> backend.name.equals("interval"))
                    .findFirst()
                    .orElseThrow()
                    .details
                    .get("flushes");
            print("flushes " + flushes + " " + first + " " + second);
            LockSupport.parkNanos(10 * PAUSE_NS);
        }
    }

    private void flush(AtomicLong[] done) {
        for (; ; ) {
            long first = done[0].get();
            long second = done[1].get();
            registry.flush("flushed");
            print("durable flushed own0 " + first);
            print("durable flushed own1 " + second);
        }
    }

    private void incrementTogether() {
        CounterNamespace hand = counters.namespace("hand");
        for (long round = hand.get("k0").orElse(0) + 1; ; round++) {
            print("will hand k " + round);
            for (int i = 0; i < TOGETHER; i++) {
                hand.add("k" + i, 1);
            }
            registry.flush("hand");
            print("durable hand k " + round);
        }
    }

    private void countOnSeveral(int writer) {
        Counter[] own = new Counter[5];
        long[] values = new long[own.length];
        for (int k = 0; k < own.length; k++) {
            own[k] = counters.namespace("moved").counter("w" + writer + "k" + k);
            values[k] = own[k].get().orElse(0);
        }
        for (int k = 0; ; k = (k + 1) % own.length) {
            values[k] += 10;
            print("will moved " + own[k].key() + " " + values[k]);
            for (int i = 0; i < 10; i++) {
                own[k].inc();
            }
            print("done moved " + own[k].key() + " " + values[k]);
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private void move(String where) {
        print("moving " + where);
        MoveDTO move = registry.swap("moved", where.equals("in") ? "moved" : "ets");
        // After a slow write, the reason of the move says that it is not durable yet.
        print((move.reason.isEmpty() || move.counters == 0 ? "moved " : "unwritten ") + where + " " + move.reason);
    }
}
