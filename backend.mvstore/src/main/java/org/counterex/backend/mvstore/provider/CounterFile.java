package org.counterex.backend.mvstore.provider;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * The values of all namespaces in one file. What is written at once is in the file whole or not at all, and only after
 * {@link #commit} has returned it is certain to be there.
 *
 * <p><b>Trust.</b> An existing file is opened to be read only. When everything has been read, and adds up as the newest
 * state says that it does, {@link #begin} opens it for writing. A file that is not right, or no file of counters, is not
 * touched. A file comes into being under another name, and gets its own when its first state is on disk: hence no file that
 * is empty, or has no state, was made by this class and left so.
 *
 * <p><b>Space.</b> What a state no longer needs is written over when the next one is on disk, never before.
 *
 * <p>For one thread at a time.
 */
final class CounterFile {

    /** One map for all counters: a thousand namespaces cost no more than one. */
    private static final String COUNTERS = "counters";

    private static final String NAMESPACES = "namespaces";
    private static final String STATE = "state";

    /** In {@link #STATE}: when it was written, in milliseconds since 1970. */
    private static final String WRITTEN = "written";

    /** In {@link #STATE}: how many there were before it. */
    private static final String NUMBER = "number";

    /** In {@link #STATE}: the sum of the marks of all accounts. */
    private static final String SUM = "sum";

    private static final String IN_USE = "file of counters is in use by another process or instance";
    private static final int FORMAT = 1;
    private static final int CACHE_MB = 16;

    /** How long a file may be before its space is looked after. */
    private static final int UNTIDY_BYTES = 256 << 10;

    /** What part of its length is written before its space is looked after again. */
    private static final int UNTIDY_PART = 8;

    /** How full a part is that is left as it is. */
    private static final int FULL_PERCENT = 70;

    /** How many counters are removed before it is worth while to join pages. */
    private static final int SPARSE = 1_000;

    /**
     * The files that are open in this process. A second one that tried to lock a file, and closed it again, would take the
     * lock away from the first on most systems.
     */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path path;

    /** Of the namespaces with counters, with all that was put and removed. */
    private final Map<String, NamespaceChecksum> accounts = new HashMap<>();

    /** The namespaces that have changed since the newest state was written. */
    private final Set<String> changed = new HashSet<>();

    private MVStore store;
    private MVMap<Name, Long> counters;
    private MVMap<String, NamespaceChecksum> namespaces;
    private MVMap<String, Long> state;
    private Disk disk;
    private long compactedAt;
    private long removed;

    /** What is under {@link #NUMBER} and {@link #SUM} in the newest state. */
    private long number;

    private long sum;
    private long lastNamespace;
    private long lost;

    /** What the store writes to. */
    private static final class Disk extends SingleFileStore {

        Disk() {
            super(new HashMap<>(Map.of("cacheSize", CACHE_MB)));
        }

        long written() {
            return writeBytes.get();
        }

        /** The header names the newest state: that one has to be on disk before. */
        @Override
        protected void writeFully(SFChunk chunk, long position, ByteBuffer bytes) {
            if (position == 0) {
                sync();
            }
            super.writeFully(chunk, position, bytes);
        }
    }

    private CounterFile(Path path) {
        this.path = path;
    }

    /**
     * Opens a file for reading, or makes one.
     *
     * @throws IOException it cannot be used, and is left as it is; the message names it and says why
     */
    static CounterFile open(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        if (!Files.exists(absolute)) {
            create(absolute);
        }
        CounterFile file = new CounterFile(absolute.toRealPath());
        file.checkUsable();
        if (!OPEN.add(file.path)) {
            throw file.refused(IN_USE, null);
        }
        file.guarded(() -> {
            file.number = file.open(true);
            long newest = DataUtils.readHexLong(file.store.getStoreHeader(), "version", 0);
            file.lost = Math.max(0, newest - file.store.getCurrentVersion());
        });
        return file;
    }

    private static void create(Path path) throws IOException {
        CounterFile draft = new CounterFile(path.resolveSibling(path.getFileName() + "." + UUID.randomUUID()));
        try {
            Files.createDirectories(path.getParent());
            draft.openStore(false);
            draft.store.setStoreVersion(FORMAT);
            draft.openMaps();
            draft.commit();
            draft.close();
            Files.move(draft.path, path);
            syncFolder(path.getParent());
        } catch (IOException | RuntimeException e) {
            draft.close();
            throw new IOException("file of counters cannot be made: file=" + path + " problem=" + e, e);
        } finally {
            draft.path.toFile().delete();
        }
    }

    /** Has the file be there under its name after a power failure too, where a folder can be synced. */
    private static void syncFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder)) {
                channel.force(true);
            }
        }
    }

    private void checkUsable() throws IOException {
        if (Files.isDirectory(path)) {
            throw refused("file of counters is a directory", null);
        }
        if (!Files.isReadable(path) || !Files.isWritable(path)) {
            throw refused("file of counters may not be read and written", null);
        }
        if (Files.size(path) == 0) {
            throw refused("file of counters is empty and left as it is", null);
        }
    }

    /**
     * Opens the file for writing, after all of it was read.
     *
     * @throws IOException it cannot be used, and is left as it is; the message names it and says why
     */
    void begin() throws IOException {
        guarded(() -> {
            closeStore();
            long found = open(false);
            if (found != number) {
                throw damaged("somebody else has written state " + found + " after " + number);
            }
        });
    }

    private void guarded(Runnable action) throws IOException {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            close();
            throw refused(problem(e), e);
        }
    }

    private IOException refused(String problem, Throwable cause) {
        return new IOException(problem + ": file=" + path + (cause == null ? "" : " problem=" + cause), cause);
    }

    /** What went wrong, for people. */
    private static String problem(Throwable e) {
        int code = e instanceof MVStoreException store ? store.getErrorCode() : -1;
        return switch (code) {
            case DataUtils.ERROR_FILE_LOCKED -> IN_USE;
            case DataUtils.ERROR_FILE_CORRUPT, DataUtils.ERROR_CHUNK_NOT_FOUND ->
                "file of counters is damaged, or is none, and left as it is";
            case DataUtils.ERROR_READING_FAILED -> "file of counters cannot be read and is left as it is";
            case DataUtils.ERROR_UNSUPPORTED_FORMAT -> "file of counters is of another version and left as it is";
            default -> "file of counters cannot be used";
        };
    }

    private static MVStoreException damaged(String problem) {
        return DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, problem);
    }

    /** Opens the file and looks whether the namespaces add up; tells the number of its newest state. */
    private long open(boolean readOnly) {
        openStore(readOnly);
        if (!List.of(COUNTERS, NAMESPACES, STATE).stream().allMatch(store::hasMap)) {
            throw damaged("there are no counters in it");
        }
        if (store.getStoreVersion() != FORMAT) {
            throw DataUtils.newMVStoreException(
                    DataUtils.ERROR_UNSUPPORTED_FORMAT, "format is {0}, known is {1}", store.getStoreVersion(), FORMAT);
        }
        openMaps();
        changed.clear();
        accounts.clear();
        sum = 0;
        namespaces.forEach((namespace, account) -> {
            accounts.put(namespace, account);
            sum += account.mark(namespace);
            lastNamespace = Math.max(lastNamespace, account.number());
        });
        if (!state.keySet().equals(Set.of(WRITTEN, NUMBER, SUM)) || state.get(SUM) != sum) {
            throw damaged("namespaces do not add up");
        }
        return state.get(NUMBER);
    }

    private void openStore(boolean readOnly) {
        disk = new Disk();
        compactedAt = 0;
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

    private void openMaps() {
        counters = openMap(COUNTERS, new Name.Type(), LongDataType.INSTANCE);
        namespaces = openMap(NAMESPACES, StringDataType.INSTANCE, new NamespaceChecksum.Type());
        state = openMap(STATE, StringDataType.INSTANCE, LongDataType.INSTANCE);
    }

    private <K, V> MVMap<K, V> openMap(String name, DataType<K> keys, DataType<V> values) {
        return store.openMap(
                name, new MVMap.Builder<K, V>().keyType(new CheckedType<>(keys)).valueType(new CheckedType<>(values)));
    }

    Path path() {
        return path;
    }

    /** The bytes that the file takes. */
    long bytes() {
        return path.toFile().length();
    }

    /** The bytes that were written since the file was opened. */
    long writtenBytes() {
        return disk.written();
    }

    /** When the newest state in the file was written. */
    Instant written() {
        return Instant.ofEpochMilli(state.get(WRITTEN));
    }

    /** How many newer states than the one that was found have been in the file, as far as that can be told. */
    long lost() {
        return lost;
    }

    /** The namespaces in the file. */
    List<String> namespaces() {
        return List.copyOf(accounts.keySet());
    }

    /** The number of counters of a namespace in the file. */
    long size(String namespace) {
        return accounts.get(namespace).size();
    }

    /**
     * Shows every counter of a namespace.
     *
     * @throws IOException what was shown is not right: the file is damaged; the message names it
     */
    void read(String namespace, ObjLongConsumer<String> action) throws IOException {
        guarded(() -> {
            NamespaceChecksum expected = accounts.get(namespace);
            NamespaceChecksum read = new NamespaceChecksum(expected.number(), 0, 0);
            Cursor<Name, Long> cursor = cursor(expected.number());
            while (cursor.hasNext() && cursor.next().namespace() == expected.number()) {
                String key = cursor.getKey().key();
                action.accept(key, cursor.getValue());
                read = read.with(key, cursor.getValue());
            }
            if (!read.equals(expected)) {
                throw damaged("counters do not add up");
            }
        });
    }

    private Cursor<Name, Long> cursor(long namespace) {
        return counters.cursor(new Name(namespace, ""));
    }

    /**
     * Has the next {@link #commit} give a counter a value, or remove it.
     *
     * @param value null to remove it
     */
    void put(String namespace, String key, Long value) {
        if (value == null && !accounts.containsKey(namespace)) {
            return;
        }
        NamespaceChecksum account =
                accounts.computeIfAbsent(namespace, absent -> new NamespaceChecksum(++lastNamespace, 0, 0));
        changed.add(namespace);
        Name name = new Name(account.number(), key);
        Long old = value == null ? counters.remove(name) : counters.put(name, value);
        if (old != null) {
            account = account.without(key, old);
            removed += value == null ? 1 : 0;
        }
        accounts.put(namespace, value == null ? account : account.with(key, value));
    }

    /** Has the next {@link #commit} remove the counters of a namespace that are not to be kept. */
    void retain(String namespace, Predicate<String> kept) {
        NamespaceChecksum account = accounts.get(namespace);
        if (account != null) {
            Cursor<Name, Long> cursor = cursor(account.number());
            while (cursor.hasNext() && cursor.next().namespace() == account.number()) {
                String key = cursor.getKey().key();
                if (!kept.test(key)) {
                    put(namespace, key, null);
                }
            }
        }
    }

    /**
     * Writes what was put and removed since the last one, as one consistent state; when this returns it is on disk.
     *
     * @throws RuntimeException none of it is certain to be there; the file has to be {@linkplain #reopen opened anew}, and
     *     what it then lacks to be put again
     */
    void commit() {
        long total = sum;
        for (String namespace : changed) {
            NamespaceChecksum account = accounts.get(namespace);
            NamespaceChecksum old;
            if (account.size() > 0) {
                old = namespaces.put(namespace, account);
                total += account.mark(namespace);
            } else {
                old = namespaces.remove(namespace);
                accounts.remove(namespace);
            }
            total -= old == null ? 0 : old.mark(namespace);
        }
        mergePages();
        state.put(SUM, total);
        state.put(NUMBER, number + 1);
        state.put(WRITTEN, System.currentTimeMillis());
        write();
        changed.clear();
        sum = total;
        number++;
        compact();
    }

    private void write() {
        // Has the store write its header every time. Otherwise that may name a state which the next commit overwrites.
        store.getStoreHeader().put("clean", 1);
        store.commit();
        store.sync();
    }

    /**
     * Keeps the file from growing without bound: what is in use of it, and what is in use of that, is to be more than half.
     * Not much more is rewritten than was written before, so that a commit costs in proportion to what changed.
     */
    private void compact() {
        long length = disk.size();
        long written = disk.written() - compactedAt;
        if (length > UNTIDY_BYTES
                && written > length / UNTIDY_PART
                && length * disk.getFillRate() / 100 * disk.getChunksFillRate() / 100 < length / 2) {
            int limit = (int) Math.min(Integer.MAX_VALUE, 2 * written);
            if (disk.compact(FULL_PERCENT, limit)) {
                write();
            }
            disk.compactMoveChunks(FULL_PERCENT, limit, store);
            compactedAt = disk.written();
        }
    }

    /** Joins the pages that the removal of counters has left almost empty, as soon as more are gone than are there. */
    private void mergePages() {
        if (removed > SPARSE && removed > counters.sizeAsLong()) {
            Map<Name, Long> all = new TreeMap<>(counters);
            counters.clear();
            counters.putAll(all);
            removed = 0;
        }
    }

    /**
     * Goes back to the newest state that is on disk, after a commit that failed.
     *
     * @throws RuntimeException the disk does not give it back
     */
    void reopen() {
        closeStore();
        try {
            if (bytes() == 0) {
                throw damaged("it is empty or was removed");
            }
            long found = open(false);
            if (found != number && found != number + 1) {
                throw damaged("state " + found + " is in it in place of " + number);
            }
            number = found;
        } catch (RuntimeException | Error e) {
            closeStore();
            throw e;
        }
    }

    private void closeStore() {
        if (store != null) {
            store.closeImmediately();
        }
    }

    /**
     * Lets others use the file, and leaves it as it is: what was put after the last commit is not in it. The store is never
     * closed in order, since then it would write what was not committed, and a mark that has it look at less of the file
     * when it opens it again: it then takes an old state for the newest where a page that nobody needs is damaged.
     */
    void close() {
        closeStore();
        OPEN.remove(path);
    }
}
