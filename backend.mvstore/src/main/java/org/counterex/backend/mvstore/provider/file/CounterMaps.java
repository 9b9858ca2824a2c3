package org.counterex.backend.mvstore.provider.file;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * An open MVStore file with its three maps: counters, checksums of namespaces, and properties of the state. One map
 * holds the counters of all namespaces, so that a thousand namespaces cost no more than one.
 *
 * <p><b>Space.</b> The space of an old state is reused only after the next one is on disk.
 */
final class CounterMaps {

    private static final String COUNTERS = "counters";
    private static final String NAMESPACES = "namespaces";
    private static final String STATE = "state";
    private static final int FORMAT = 1;

    /** Length below which a file is never compacted. */
    private static final int MIN_COMPACT_BYTES = 256 << 10;

    /** A file is compacted at most once while a fraction of its length, 1 / this, is written. */
    private static final int COMPACT_INTERVAL = 8;

    /** Chunks that are filled to this percentage or more are not rewritten. */
    private static final int TARGET_FILL_PERCENT = 70;

    private final SyncedFileStore disk;
    private final MVStore store;
    private MVMap<CounterKey, Long> counters;
    private MVMap<String, NamespaceChecksum> namespaces;
    private MVMap<String, Long> state;
    private long compactedAt;

    private CounterMaps(Path path, boolean readOnly) {
        disk = new SyncedFileStore();
        disk.open(path.toString(), readOnly, null);
        try {
            store = new MVStore.Builder()
                    .adoptFileStore(disk)
                    .autoCommitDisabled()
                    // Otherwise a large batch is written in parts.
                    .autoCommitBufferSize(0)
                    .open();
        } catch (RuntimeException | Error e) {
            disk.close(); // the store does so for its own exceptions only
            throw e;
        }
        store.setRetentionTime(0);
        store.setVersionsToKeep(0);
    }

    /** Creates a file with empty maps. */
    static CounterMaps create(Path path) {
        CounterMaps maps = new CounterMaps(path, false);
        try {
            maps.store.setStoreVersion(FORMAT);
            maps.openMaps();
            return maps;
        } catch (RuntimeException | Error e) {
            maps.close();
            throw e;
        }
    }

    /** Opens an existing file; the exception of a file that is not one of counters is classified by its error code. */
    static CounterMaps open(Path path, boolean readOnly) {
        CounterMaps maps = new CounterMaps(path, readOnly);
        try {
            if (!List.of(COUNTERS, NAMESPACES, STATE).stream().allMatch(maps.store::hasMap)) {
                throw FileErrors.corrupt("no counters");
            }
            if (maps.store.getStoreVersion() != FORMAT) {
                throw FileErrors.unsupportedFormat(maps.store.getStoreVersion(), FORMAT);
            }
            maps.openMaps();
            return maps;
        } catch (RuntimeException | Error e) {
            maps.close();
            throw e;
        }
    }

    private void openMaps() {
        counters = openMap(COUNTERS, new CounterKey.Type(), LongDataType.INSTANCE);
        namespaces = openMap(NAMESPACES, StringDataType.INSTANCE, new NamespaceChecksum.Type());
        state = openMap(STATE, StringDataType.INSTANCE, LongDataType.INSTANCE);
    }

    private <K, V> MVMap<K, V> openMap(String name, DataType<K> keys, DataType<V> values) {
        return store.openMap(
                name,
                new MVMap.Builder<K, V>()
                        .keyType(new ChecksummedType<>(keys))
                        .valueType(new ChecksummedType<>(values)));
    }

    MVMap<CounterKey, Long> counters() {
        return counters;
    }

    MVMap<String, NamespaceChecksum> namespaces() {
        return namespaces;
    }

    MVMap<String, Long> state() {
        return state;
    }

    /** Returns how many states the header counts that are newer than the one that was found. */
    long lostStates() {
        long newest = DataUtils.readHexLong(store.getStoreHeader(), "version", 0);
        return Math.max(0, newest - store.getCurrentVersion());
    }

    /** Returns the number of bytes written since the file was opened. */
    long writtenBytes() {
        return disk.writtenBytes();
    }

    /** Writes the contents of the maps as one state, and syncs the file. */
    void write() {
        // Makes the store write its header every time: an old header may refer to a state that the next commit
        // overwrites.
        store.getStoreHeader().put("clean", 1);
        store.commit();
        store.sync();
    }

    /**
     * Keeps the file from growing without bound: more than half of it is to be live data. At most about as much is
     * rewritten as was written before, so that the cost of a commit is proportional to what changed.
     */
    void compact() {
        long length = disk.size();
        long written = disk.writtenBytes() - compactedAt;
        if (length > MIN_COMPACT_BYTES
                && written > length / COMPACT_INTERVAL
                && length * disk.getFillRate() / 100 * disk.getChunksFillRate() / 100 < length / 2) {
            int limit = (int) Math.min(Integer.MAX_VALUE, 2 * written);
            if (disk.compact(TARGET_FILL_PERCENT, limit)) {
                write();
            }
            disk.compactMoveChunks(TARGET_FILL_PERCENT, limit, store);
            compactedAt = disk.writtenBytes();
        }
    }

    /** Merges the pages that removals have left almost empty, by inserting all counters anew. */
    void mergePages() {
        Map<CounterKey, Long> all = new TreeMap<>(counters);
        counters.clear();
        counters.putAll(all);
    }

    /**
     * Closes the file and leaves it as it is, without what was put after the last {@link #write}. The store is never
     * closed in order: that would write uncommitted changes, and a mark by which the next one to open the file examines
     * less of it and, where an unused page is damaged, takes an old state for the newest.
     */
    void close() {
        store.closeImmediately();
    }
}
