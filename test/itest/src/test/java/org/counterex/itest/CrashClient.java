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
 * Counts until the process is killed, and says on standard output what it has found, what it is about to do and what was
 * acknowledged: a line each, written at once, which the {@link CrashLedger} of the other process understands.
 *
 * <p>Each namespace lives on a backend of its own with a file of its own: {@code commit}, {@code interval}, {@code flushed} and
 * {@code hand} (both flush only when they are asked to), and {@code moved}, which goes into memory and back.
 */
public final class CrashClient implements BundleActivator {

    /** Framework property: where the files are. */
    static final String FOLDER = "counterex.crash.folder";

    /** Framework property: {@link #EVERYTHING} or {@link #MOVES}. */
    static final String LOAD = "counterex.crash.load";

    /** Counts in every namespace, and moves the one all the time. */
    static final String EVERYTHING = "everything";

    /** Counts in the one that moves, and moves it when it reads a line {@code in} or {@code out}. */
    static final String MOVES = "moves";

    /** Before each line, as others print too. */
    static final String MARK = "@ ";

    /** Counters of {@code hand}, which are raised together. */
    static final int TOGETHER = 50;

    /** Threads that add to the same counter of {@code commit}. */
    static final int SHARING = 3;

    /** What they add. */
    static final long STEP = 2;

    private static final String BACKEND = "org.counterex.backend.mvstore";
    private static final long SELDOM_MS = 3_600_000;
    private static final int MOST_NS = 20_000_000;
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
        begin("client", this::live);
    }

    @Override
    public void stop(BundleContext context) {
        // It is killed.
    }

    private void begin(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (Exception | Error e) {
                        say("failed " + name + " " + e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void say(String line) {
        try {
            out.write((MARK + line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void live() throws Exception {
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
        awaitTurn();
        Await.until(
                () -> registry.namespaces().stream().noneMatch(n -> n.moving || !n.backend.equals(n.targetBackend)),
                () -> registry.namespaces().toString());
        awaitTurn(); // a move that is settled has yet to be written
        for (String namespace : counters.namespaces()) {
            counters.namespace(namespace)
                    .getAll()
                    .forEach((key, value) -> say("value " + namespace + " " + key + " " + value));
        }
        NamespaceDTO moved = registry.explain("moved");
        say("home " + (moved.counters == 0 ? moved.targetBackend : moved.backend));
        say("begin");
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
        Runtime.getRuntime().halt(1); // whoever would kill it has gone
    }

    private void beginEverything() {
        for (int i = 0; i < SHARING; i++) {
            String key = "own" + i;
            begin("commit", () -> countEach(key));
        }
        begin("commit", this::setAndDelete);
        begin("hand", this::raiseTogether);
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
                LockSupport.parkNanos(random.nextInt(MOST_NS));
                move("out");
                LockSupport.parkNanos(random.nextInt(MOST_NS));
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
            // Where a move is stopped at a step, a flush comes meanwhile; else what a move did not write is missing for
            // a while.
            settings.put("flushIntervalMs", context.getProperty(LOAD).equals(MOVES) ? 10L : 100L);
        } else {
            settings.put("namespaces", name);
            settings.put("durability", name.equals("commit") ? "commit" : "interval");
            settings.put("flushIntervalMs", name.equals("interval") ? 100L : SELDOM_MS);
        }
        Configuration configuration = admin.getFactoryConfiguration(BACKEND + ".instance", name, "?");
        Dictionary<String, Object> dictionary = new Hashtable<>(settings);
        configuration.updateIfDifferent(dictionary);
    }

    private boolean isBound(String name) {
        return registry.backends().stream().anyMatch(backend -> backend.name.equals(name));
    }

    /** Waits until all is done that was to be done before, as taking up what backends came with. */
    private void awaitTurn() {
        try {
            registry.unroute("nowhere");
        } catch (IllegalArgumentException e) {
            // There is no such route, says the thread that has done all the rest.
        }
    }

    /** Every addition is told by itself, and beside it those to a counter that several threads share. */
    private void countEach(String key) {
        CounterNamespace commit = counters.namespace("commit");
        Counter own = commit.counter(key);
        Counter shared = commit.counter("shared");
        for (long value = own.get().orElse(0) + 1; ; value++) {
            say("will commit " + key + " " + value);
            if (own.inc() != value) {
                say("failed " + key + " is not " + value);
            }
            say("done commit " + key + " " + value);
            shared.add(STEP);
            say("added commit shared " + STEP);
        }
    }

    private void setAndDelete() {
        CounterNamespace commit = counters.namespace("commit");
        for (long value = commit.get("set").orElse(0) + 1; ; value++) {
            say("will commit set " + value);
            commit.set("set", value);
            say("done commit set " + value);
            if (value % 3 == 0) {
                say("will commit set 0");
                commit.delete("set");
                say("done commit set 0");
            }
        }
    }

    private void countInBatches(String namespace, String key, int batch, AtomicLong done) {
        Counter counter = counters.namespace(namespace).counter(key);
        long value = counter.get().orElse(0);
        for (; ; ) {
            value += batch;
            say("will " + namespace + " " + key + " " + value);
            for (int i = 0; i < batch; i++) {
                counter.add(1);
            }
            done.set(value);
            say("done " + namespace + " " + key + " " + value + " " + System.nanoTime());
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** What was acknowledged before it was seen how often the file had been written. */
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
            say("flushes " + flushes + " " + first + " " + second);
            LockSupport.parkNanos(10 * PAUSE_NS);
        }
    }

    private void flush(AtomicLong[] done) {
        for (; ; ) {
            long first = done[0].get();
            long second = done[1].get();
            registry.flush("flushed");
            say("kept flushed own0 " + first);
            say("kept flushed own1 " + second);
        }
    }

    private void raiseTogether() {
        CounterNamespace hand = counters.namespace("hand");
        for (long round = hand.get("k0").orElse(0) + 1; ; round++) {
            say("will hand k " + round);
            for (int i = 0; i < TOGETHER; i++) {
                hand.add("k" + i, 1);
            }
            registry.flush("hand");
            say("kept hand k " + round);
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
            say("will moved " + own[k].key() + " " + values[k]);
            for (int i = 0; i < 10; i++) {
                own[k].inc();
            }
            say("done moved " + own[k].key() + " " + values[k]);
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private void move(String where) {
        say("moving " + where);
        MoveDTO move = registry.swap("moved", where.equals("in") ? "moved" : "ets");
        // If the disk was slow, the record says that it is not written yet.
        say((move.reason.isEmpty() || move.counters == 0 ? "moved " : "unwritten ") + where + " " + move.reason);
    }
}
