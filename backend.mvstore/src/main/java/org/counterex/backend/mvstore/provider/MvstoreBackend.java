package org.counterex.backend.mvstore.provider;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.counterex.api.CounterNames;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.TableBackend;
import org.counterex.backend.mvstore.provider.file.CounterFile;
import org.counterex.backend.mvstore.provider.journal.Journal;
import org.counterex.backend.mvstore.provider.journal.StoredTable;
import org.counterex.support.log.ServiceLog;

/**
 * Backend with an unbounded number of exact counters in memory, kept in a file. The tables in memory are those of
 * {@code ets}; a {@link Journal} writes what has changed.
 */
public final class MvstoreBackend extends TableBackend implements AutoCloseable {

    static final String TYPE = "mvstore";

    private static final long PROGRESS_MS = 1_000;

    private final CounterFile file;
    private final Journal journal;
    private final long intervalMs;
    private final boolean awaitsCommit;

    /**
     * Opens the file and loads its counters.
     *
     * @param awaitsCommit whether calls wait for the disk
     * @throws IOException the file cannot be used and is left unchanged
     */
    public MvstoreBackend(String name, Path path, long intervalMs, boolean awaitsCommit, ServiceLog log)
            throws IOException {
        super(TYPE, name, OptionalLong.empty());
        this.intervalMs = intervalMs;
        this.awaitsCommit = awaitsCommit;
        file = CounterFile.open(path);
        journal = new Journal(file, intervalMs, log);
        try {
            load(log);
            file.openForWriting();
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
        journal.start();
    }

    private void load(ServiceLog log) throws IOException {
        long start = System.nanoTime();
        long[] loaded = new long[1];
        long[] loggedAt = {start};
        long all = file.namespaces().stream().mapToLong(file::size).sum();
        for (String namespace : file.namespaces()) {
            StoredTable table = journal.newTable(namespace, awaitsCommit);
            table.presize(file.size(namespace));
            file.read(namespace, (key, value) -> {
                table.load(key, value);
                loaded[0]++;
                if ((loaded[0] & 0xffff) == 0 && millisSince(loggedAt[0]) >= PROGRESS_MS) {
                    loggedAt[0] = System.nanoTime();
                    log.info("loading counters: file=" + file.path() + " loaded=" + loaded[0] + " of=" + all);
                }
            });
            retain(table);
        }
        log.info("counters loaded: file=" + file.path() + " counters=" + all + " written=" + journal.written() + " ms="
                + millisSince(start));
        if (file.lost() > 0) {
            log.error("newest states of the counter file are lost, using an older one: file=" + file.path() + " lost="
                    + file.lost() + " written=" + journal.written());
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    @Override
    protected CellTable newTable(String namespace) {
        return journal.newTable(namespace, awaitsCommit);
    }

    @Override
    protected void onDiscarded(CellTable table) {
        journal.closed((StoredTable) table);
    }

    @Override
    public void flush(String namespace) {
        journal.flush(CounterNames.check("namespace", namespace));
    }

    @Override
    protected Map<String, String> details() {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("file", file.path().toString());
        details.put("bytes", Long.toString(file.bytes()));
        details.put("durability", awaitsCommit ? MvstoreConfig.COMMIT : MvstoreConfig.INTERVAL);
        details.put("flushIntervalMs", Long.toString(intervalMs));
        details.put("flushes", Long.toString(journal.commits()));
        details.put("flushed", String.valueOf(journal.written()));
        details.put("unflushed", Long.toString(journal.changes()));
        if (journal.problem() != null) {
            details.put("problem", journal.problem());
        }
        return details;
    }

    /** Writes the remaining changes, and closes the file. */
    @Override
    public void close() {
        journal.close();
    }
}
