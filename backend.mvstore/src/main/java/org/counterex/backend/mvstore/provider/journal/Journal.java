package org.counterex.backend.mvstore.provider.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.counterex.api.BackendUnavailableException;
import org.counterex.api.CounterNames;
import org.counterex.backend.mvstore.provider.file.CounterFile;
import org.counterex.support.log.ServiceLog;

/**
 * Writer of changed counters to the file, at intervals and on request. Its thread is the only one that uses the file;
 * callers that wait for the disk share the next commit.
 *
 * <p><b>Order.</b> While a namespace moves away and back it may have several tables at once; at most one of them has a
 * live cell of a key. Changes are collected from older tables first, so that the value of the newest table is the one
 * written; a removal in an older table is ignored if a newer one has the counter. A counter that is being transferred
 * from one table to another is retried, but not for long: a transfer to another backend may be held up there.
 *
 * <p><b>Closed tables.</b> A counter is not removed from the file because it was transferred. When a table is closed,
 * the namespace is completely in another store: then the counters that no other table of the namespace has are removed,
 * in one commit. After a crash before that commit the file contains all counters as they were last written; after one
 * behind it, none.
 *
 * <p><b>Failure.</b> The changes of a failed commit are recorded again, and the next one begins with the newest state
 * on disk. Counting continues meanwhile.
 */
public final class Journal {

    /** The shortest interval after a failure. */
    private static final long RETRY_MS = 1_000;

    /** How often counters in transfer between two tables are retried in one commit. */
    private static final int TRANSFER_RETRIES = 100;

    private record Change(StoredTable table, String key, Long value, boolean removed) {}

    private final CounterFile file;
    private final long intervalMs;
    private final ServiceLog log;
    private final CommitSchedule schedule = new CommitSchedule();
    private final TableRegister tables = new TableRegister();
    private final Set<StoredTable> changed = ConcurrentHashMap.newKeySet();

    /** Namespaces of which a table was closed since the last commit. */
    private final Set<String> closedIn = ConcurrentHashMap.newKeySet();

    private final Thread thread = new Thread(this::run, "counterex-mvstore");

    private volatile String problem;
    private volatile Instant written;
    private volatile long commits;

    public Journal(CounterFile file, long intervalMs, ServiceLog log) {
        this.file = file;
        this.written = file.written();
        this.intervalMs = intervalMs;
        this.log = log;
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
    }

    public void start() {
        thread.start();
    }

    /** Creates an empty table. */
    public StoredTable newTable(String namespace, boolean awaitsCommit) {
        StoredTable table = new StoredTable(namespace, this, tables.nextNumber(), awaitsCommit);
        tables.add(table);
        return table;
    }

    /** Closes a table whose counters were transferred. */
    public void closed(StoredTable table) {
        tables.remove(table);
        if (table.isUsed()) { // otherwise the file has no counter of it
            closedIn.add(table.namespace());
        }
    }

    /** Records that a table has a change to be written. */
    void changed(StoredTable table) {
        changed.add(table);
    }

    /** Returns the problem of the last commit, null if it succeeded. */
    public String problem() {
        return problem;
    }

    /** Returns the number of counters that have changed since they were written. */
    public long changes() {
        return changed.stream().mapToLong(StoredTable::changes).sum();
    }

    /** Returns when the newest state in the file was written, by this instance or an earlier one. */
    public Instant written() {
        return written;
    }

    /** Returns the number of commits since the file was opened. */
    public long commits() {
        return commits;
    }

    /**
     * Returns when all changes before this call are on disk.
     *
     * @throws BackendUnavailableException they are not, as the file cannot be written
     */
    public void flush(String namespace) {
        if (!schedule.awaitCommit(thread::isAlive, () -> changed.isEmpty() && closedIn.isEmpty())) {
            throw BackendUnavailableException.outcomeUnknown(
                    "counted, but not on disk yet (" + (problem == null ? "the backend is closed" : problem) + ")",
                    namespace);
        }
    }

    /** Writes the remaining changes, and closes the file. */
    public void close() {
        schedule.close();
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
            log.error("counter file closed with unwritten changes, which are lost: file=" + file.path() + " counters="
                    + changes() + " written=" + written + " problem=" + problem);
        }
    }

    private void run() {
        boolean last;
        do {
            last = schedule.awaitDue(problem == null ? intervalMs : Math.max(intervalMs, RETRY_MS));
            schedule.onEnd(commit());
        } while (!last);
    }

    /** Writes all changes; returns whether this succeeded. */
    private boolean commit() {
        List<Change> changes = new ArrayList<>();
        List<String> dropped = new ArrayList<>();
        try {
            if (problem != null) {
                file.reopen();
            }
            dropClosedTables(dropped);
            collect(changes);
            for (Change change : changes) {
                if (!isOutdated(change)) {
                    file.put(change.table().namespace(), change.key(), change.value());
                }
            }
            if (!dropped.isEmpty() || !changes.isEmpty()) {
                file.commit();
                written = Instant.now();
                commits++;
            }
        } catch (RuntimeException | Error e) { // any: without this thread no change would ever be written again
            closedIn.addAll(dropped);
            changes.forEach(change -> change.table().recordAgain(change.key(), change.removed()));
            onFailure(e);
            return false;
        }
        if (problem != null) {
            log.info("counter file is written again: file=" + file.path());
            problem = null;
        }
        return true;
    }

    private void onFailure(Throwable e) {
        String message = CounterNames.printable(String.valueOf(e.getMessage()));
        if (problem == null) {
            log.error("counter file cannot be written, counting continues in memory: file=" + file.path() + " problem="
                    + message);
        }
        problem = message;
    }

    private void dropClosedTables(List<String> dropped) {
        for (String namespace : closedIn) {
            closedIn.remove(namespace);
            dropped.add(namespace);
            List<StoredTable> others = tables.prune(namespace);
            file.retain(namespace, key -> others.stream().anyMatch(table -> table.contains(key)));
        }
    }

    private void collect(List<Change> changes) {
        for (int round = 0; collectOnce(changes) && round < TRANSFER_RETRIES; round++) {
            Thread.yield();
        }
    }

    /** Collects the recorded changes; returns whether a counter was in transfer. */
    private boolean collectOnce(List<Change> changes) {
        boolean inTransfer = false;
        List<StoredTable> sources = new ArrayList<>(changed);
        sources.sort(Comparator.comparingLong(StoredTable::number));
        for (StoredTable table : sources) {
            changed.remove(table);
            try {
                inTransfer |=
                        table.takeChanges((key, value, removed) -> changes.add(new Change(table, key, value, removed)));
            } catch (OutOfMemoryError e) {
                changed.add(table);
                throw e;
            }
        }
        return inTransfer;
    }

    /** Returns whether a removal is superseded: a newer table has the counter, and has reported its value or will. */
    private boolean isOutdated(Change change) {
        return change.value() == null && tables.isInNewer(change.table(), change.key());
    }
}
