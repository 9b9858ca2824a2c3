package org.counterex.backend.mvstore.provider;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterNames;
import org.counterex.support.log.ServiceLog;

/**
 * Writes what has changed into the file: every so often, and when somebody asks for it. One thread of this class is all that
 * uses the file; whoever waits for it shares the next commit with everybody else who does.
 *
 * <p><b>Order.</b> A namespace may have several tables at once while it moves away and back: no more than one of them has a
 * live cell of a key. The older is asked first, so what a newer one says of the same key is what is written; that a counter
 * was removed from an older one is not, if a newer one has it. A counter that is met on its way from one to another is waited
 * for, though not for long: what leaves for elsewhere may be held up there.
 *
 * <p><b>Giving up.</b> Nothing is taken out of the file because a counter was handed over. When a table is given up, its
 * namespace lives elsewhere as a whole: then what no other table of it holds is removed, in one commit. A crash before that
 * finds everything in the file as it was written last, a crash after it nothing.
 *
 * <p><b>Failure.</b> What a failed commit should have written is noted as changed again, and the next one begins with the
 * newest state that is on disk. Counting goes on meanwhile.
 */
final class Journal {

    /** How long to wait after a failure, unless somebody asks. */
    private static final long PAUSE_MS = 1_000;

    /** How often what is on its way between two tables is asked for again before the next turn. */
    private static final int ROUNDS = 100;

    private record Change(StoredTable table, String key, Long value, boolean removed) {}

    private final CounterFile file;
    private final long intervalMs;
    private final ServiceLog log;
    private final Map<String, List<StoredTable>> tables = new ConcurrentHashMap<>();
    private final AtomicLong lastTable = new AtomicLong();
    private final Set<StoredTable> changed = ConcurrentHashMap.newKeySet();
    private final Set<String> droppedNamespaces = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this::run, "counterex-mvstore");

    private volatile String problem;
    private volatile Instant written;
    private volatile long commits;

    /** Numbers of attempts to write; the last one that anybody has asked for, that has begun, that has ended well. */
    private long wanted;

    private long begun;
    private long ended;
    private long succeeded;
    private boolean closing;

    Journal(CounterFile file, long intervalMs, ServiceLog log) {
        this.file = file;
        this.written = file.written();
        this.intervalMs = intervalMs;
        this.log = log;
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
    }

    void start() {
        thread.start();
    }

    /** Makes an empty table. */
    StoredTable newTable(String namespace, boolean confirming) {
        StoredTable table = new StoredTable(namespace, this, lastTable.incrementAndGet(), confirming);
        tables.compute(namespace, (name, present) -> {
            List<StoredTable> all = present == null ? new CopyOnWriteArrayList<>() : present;
            all.add(table);
            return all;
        });
        return table;
    }

    /** A table is given up: its counters were handed over. */
    void closed(StoredTable table) {
        tables.getOrDefault(table.namespace(), new CopyOnWriteArrayList<>()).remove(table);
        if (table.isUsed()) { // otherwise the file has nothing of it
            droppedNamespaces.add(table.namespace());
        }
    }

    /** A table has noted a change. */
    void changed(StoredTable table) {
        changed.add(table);
    }

    /** What is wrong with the disk; null if nothing is. */
    String problem() {
        return problem;
    }

    /** The number of counters that have changed since they were written. */
    long changes() {
        return changed.stream().mapToLong(StoredTable::changes).sum();
    }

    /** When the file was written last, by whomever; null if never. */
    Instant written() {
        return written;
    }

    /** How often it was written since it was opened. */
    long commits() {
        return commits;
    }

    /**
     * Returns when all that was done before this call is on disk.
     *
     * @throws BackendUnavailableException it is not, as the disk takes nothing
     */
    void flush(String namespace) {
        boolean interrupted = false;
        boolean done;
        synchronized (this) {
            long mine = begun + 1;
            wanted = Math.max(wanted, mine);
            notifyAll();
            while (ended < mine && thread.isAlive()) {
                try {
                    wait(PAUSE_MS);
                } catch (InterruptedException e) {
                    interrupted = true; // what was counted is to be safe, whatever somebody wants of the thread
                }
            }
            done = succeeded >= mine || !thread.isAlive() && isAllWritten();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!done) {
            throw BackendUnavailableException.outcomeUnknown(
                    "counted, and not on disk yet (" + (problem == null ? "the backend has left" : problem) + ")",
                    namespace);
        }
    }

    private boolean isAllWritten() {
        return succeeded == begun && changed.isEmpty() && droppedNamespaces.isEmpty();
    }

    /** Writes what is left, and ends. The file may be used by others then. */
    void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        file.close();
        if (problem != null) {
            log.error("file of counters did not take everything, changes are lost: file=" + file.path() + " counters="
                    + changes() + " written=" + written + " problem=" + problem);
        }
    }

    private void run() {
        boolean last;
        do {
            last = awaitTurn();
            boolean done = write();
            synchronized (this) {
                ended = begun;
                succeeded = done ? begun : succeeded;
                notifyAll();
            }
        } while (!last);
    }

    /** Whether the turn that comes is the last. */
    private synchronized boolean awaitTurn() {
        long end = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(problem == null ? intervalMs : Math.max(intervalMs, PAUSE_MS));
        while (!closing && wanted <= begun) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                break;
            }
            try {
                wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
            } catch (InterruptedException e) {
                break; // nobody but this class knows the thread
            }
        }
        begun++;
        return closing;
    }

    private boolean write() {
        List<Change> changes = new ArrayList<>();
        List<String> left = new ArrayList<>();
        try {
            if (problem != null) {
                file.reopen();
            }
            dropClosedTables(left);
            collect(changes);
            for (Change change : changes) {
                if (!isOutdated(change)) {
                    file.put(change.table().namespace(), change.key(), change.value());
                }
            }
            if (!left.isEmpty() || !changes.isEmpty()) {
                file.commit();
                written = Instant.now();
                commits++;
            }
        } catch (RuntimeException | Error e) { // whatever it is: without this thread nothing would be written any more
            droppedNamespaces.addAll(left);
            changes.forEach(change -> change.table().again(change.key(), change.removed()));
            failed(e);
            return false;
        }
        if (problem != null) {
            log.info("file of counters takes what is written again: file=" + file.path());
            problem = null;
        }
        return true;
    }

    private void failed(Throwable e) {
        if (problem == null) {
            log.error("file of counters takes nothing, counting goes on in memory: file=" + file.path() + " problem="
                    + CounterNames.printable(String.valueOf(e.getMessage())));
        }
        problem = CounterNames.printable(String.valueOf(e.getMessage()));
    }

    private void dropClosedTables(List<String> left) {
        for (String namespace : droppedNamespaces) {
            droppedNamespaces.remove(namespace);
            left.add(namespace);
            tables.computeIfPresent(namespace, (name, present) -> present.isEmpty() ? null : present);
            List<StoredTable> others = tables.getOrDefault(namespace, List.of());
            file.retain(namespace, key -> others.stream().anyMatch(table -> table.has(key)));
        }
    }

    private void collect(List<Change> changes) {
        for (int round = 0; collected(changes) && round < ROUNDS; round++) {
            Thread.yield();
        }
    }

    /** Collects what has changed; whether counters were met on their way. */
    private boolean collected(List<Change> changes) {
        boolean passing = false;
        List<StoredTable> told = new ArrayList<>(changed);
        told.sort(Comparator.comparingLong(StoredTable::number));
        for (StoredTable table : told) {
            changed.remove(table);
            try {
                passing |= table.take((key, value, removed) -> changes.add(new Change(table, key, value, removed)));
            } catch (OutOfMemoryError e) {
                changed.add(table);
                throw e;
            }
        }
        return passing;
    }

    /** Whether what is said of a counter is out of date: a newer table has it, and has told its value or will. */
    private boolean isOutdated(Change change) {
        return change.value() == null
                && tables.getOrDefault(change.table().namespace(), List.of()).stream()
                        .anyMatch(other -> other.number() > change.table().number() && other.has(change.key()));
    }
}
