package org.counterex.backend.mvstore.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.counterex.api.CounterNames;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * The values of all namespaces in one file: for each namespace a map from key to value. What is written at once is in the
 * file whole or not at all, and only after {@link #commit} has returned it is certain to be there.
 *
 * <p>For one thread at a time.
 */
final class CounterFile {

    /** The numbers of the maps of namespaces: the store's own names of maps are not for any text. */
    private static final String NAMESPACES = "namespaces";

    private static final String COUNTERS = "counters.";
    private static final String STATE = "state";

    /** In {@link #STATE}: when the newest state was written, in milliseconds since 1970. */
    private static final String WRITTEN = "written";

    private static final int FORMAT = 1;
    private static final int CACHE_MB = 16;

    /** How many commits there are before space is looked after, and how much may be rewritten then. */
    private static final int TIDY_EVERY = 64;

    private static final int FULL_PERCENT = 60;
    private static final int REWRITTEN_BYTES = 4 << 20;

    private final Path path;
    private final Map<String, MVMap<String, Long>> maps = new HashMap<>();
    private MVStore store;
    private MVMap<String, Long> namespaces;
    private MVMap<String, Long> state;
    private long lastNumber;
    private long commits;

    private CounterFile(Path path) {
        this.path = path;
    }

    /**
     * Opens a file, or makes it.
     *
     * @throws IOException it cannot be used, and is left as it is; the message names it and says why
     */
    static CounterFile open(Path path) throws IOException {
        CounterFile file = new CounterFile(path.toAbsolutePath());
        if (Files.isDirectory(path)) {
            throw new IOException("file of counters is a directory: file=" + path);
        }
        Files.createDirectories(file.path.getParent());
        try {
            file.open();
        } catch (RuntimeException e) {
            file.abandon();
            throw refused(path, e);
        }
        return file;
    }

    /** What to throw where a file cannot be used. */
    static IOException refused(Path path, RuntimeException e) {
        return new IOException(
                problem(e) + ": file=" + path + " problem=" + CounterNames.printable(String.valueOf(e.getMessage())),
                e);
    }

    private void open() {
        store = new MVStore.Builder()
                .fileName(path.toString())
                .autoCommitDisabled()
                .cacheSize(CACHE_MB)
                .open();
        store.setRetentionTime(0);
        store.setVersionsToKeep(0);
        if (store.getStoreVersion() == 0) {
            store.setStoreVersion(FORMAT);
        } else if (store.getStoreVersion() != FORMAT) {
            throw DataUtils.newMVStoreException(
                    DataUtils.ERROR_UNSUPPORTED_FORMAT, "format is {0}, known is {1}", store.getStoreVersion(), FORMAT);
        }
        namespaces = map(NAMESPACES);
        state = map(STATE);
        lastNumber =
                namespaces.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private MVMap<String, Long> map(String name) {
        return store.openMap(
                name,
                new MVMap.Builder<String, Long>()
                        .keyType(new CheckedType<>(StringDataType.INSTANCE))
                        .valueType(new CheckedType<>(LongDataType.INSTANCE)));
    }

    /** What went wrong, for people. */
    private static String problem(RuntimeException e) {
        int code = e instanceof MVStoreException store ? store.getErrorCode() : -1;
        return switch (code) {
            case DataUtils.ERROR_FILE_LOCKED -> "file of counters is in use by another process or instance";
            case DataUtils.ERROR_FILE_CORRUPT -> "file of counters is damaged and left as it is";
            case DataUtils.ERROR_UNSUPPORTED_FORMAT -> "file of counters is of another version and left as it is";
            default -> "file of counters cannot be used";
        };
    }

    Path path() {
        return path;
    }

    /** The bytes that the file takes. */
    long bytes() {
        return path.toFile().length();
    }

    /** When the newest state in the file was written; null if none was. */
    Instant written() {
        Long time = state.get(WRITTEN);
        return time == null ? null : Instant.ofEpochMilli(time);
    }

    /** The namespaces in the file. */
    List<String> namespaces() {
        return List.copyOf(namespaces.keySet());
    }

    /** The number of counters of a namespace in the file. */
    long size(String namespace) {
        return counters(namespace).sizeAsLong();
    }

    /** Shows every counter of a namespace. */
    void read(String namespace, ObjLongConsumer<String> action) {
        Cursor<String, Long> cursor = counters(namespace).cursor(null);
        while (cursor.hasNext()) {
            String key = cursor.next();
            action.accept(key, cursor.getValue());
        }
    }

    private MVMap<String, Long> counters(String namespace) {
        return maps.computeIfAbsent(namespace, absent -> {
            Long number = namespaces.get(absent);
            if (number == null) {
                number = ++lastNumber;
                namespaces.put(absent, number);
            }
            return map(COUNTERS + number);
        });
    }

    /**
     * Has the next {@link #commit} give a counter a value, or remove it.
     *
     * @param value null to remove it
     */
    void put(String namespace, String key, Long value) {
        if (value != null) {
            counters(namespace).put(key, value);
        } else if (namespaces.containsKey(namespace)) {
            counters(namespace).remove(key);
        }
    }

    /** Has the next {@link #commit} remove the counters of a namespace that are not to be kept. */
    void retain(String namespace, Predicate<String> kept) {
        if (namespaces.containsKey(namespace)) {
            MVMap<String, Long> counters = counters(namespace);
            List<String> left =
                    counters.keySet().stream().filter(kept.negate()).toList(); // its iterators remove nothing
            left.forEach(counters::remove);
        }
    }

    /** Has the next {@link #commit} remove a namespace. */
    void drop(String namespace) {
        if (namespaces.containsKey(namespace)) {
            store.removeMap(counters(namespace));
            namespaces.remove(namespace);
            maps.remove(namespace);
        }
    }

    /**
     * Writes what was put, removed and dropped since the last one, as one consistent state; when this returns it is on disk.
     *
     * @throws RuntimeException none of it is certain to be there; the file has to be {@linkplain #reopen opened anew}, and
     *     what it then lacks to be put again
     */
    void commit() {
        state.put(WRITTEN, System.currentTimeMillis());
        store.commit();
        store.sync();
        if (++commits % TIDY_EVERY == 0 && store.compact(FULL_PERCENT, REWRITTEN_BYTES)) {
            store.commit();
        }
    }

    /** Goes back to the newest state that is on disk, after a commit that failed. */
    void reopen() {
        abandon();
        maps.clear();
        open();
    }

    /** Lets others use the file, and leaves it as it is. */
    void abandon() {
        if (store != null) {
            store.closeImmediately();
        }
    }

    /** Lets others use the file. */
    void close() {
        store.close();
    }
}
