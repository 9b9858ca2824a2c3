package org.counterex.backend.mvstore.provider.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.h2.mvstore.Cursor;

/**
 * The values of all namespaces in one file. A {@link #commit} writes the changes before it as one state: after a crash
 * all of them are in the file or none, and all are once it has returned.
 *
 * <p><b>Verification.</b> An existing file is first opened read-only. After all counters were read and matched the
 * checksums of the newest state, {@link #openForWriting} opens it for writing. A file that is corrupt or not a counter
 * file is not modified. A new file is created under a temporary name and renamed when its first state is on disk: hence
 * an empty file, or one without a state, was not left by this class.
 *
 * <p>Not thread-safe.
 */
public final class CounterFile {

    /** Property of the state: when it was written, in milliseconds since 1970. */
    private static final String WRITTEN = "written";

    /** Property of the state: its sequence number. */
    private static final String NUMBER = "number";

    /** Property of the state: the sum of the hashes of all checksums. */
    private static final String SUM = "sum";

    /** Pages are merged after as many removals at least. */
    private static final int MIN_REMOVED = 1_000;

    private final Path path;
    private final ChecksumIndex checksums = new ChecksumIndex();

    private CounterMaps maps;

    /** The counters removed since pages were merged. */
    private long removed;

    /** The sequence number of the newest state. */
    private long number;

    private long lost;

    private CounterFile(Path path) {
        this.path = path;
    }

    /**
     * Opens a file for reading, creating it if it is missing.
     *
     * @throws IOException the file cannot be used and is left unchanged; the message names it and the reason
     */
    public static CounterFile open(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        if (!Files.exists(absolute)) {
            create(absolute);
        }
        CounterFile file = new CounterFile(absolute.toRealPath());
        OpenFiles.claim(file.path);
        file.guarded(() -> {
            file.number = file.load(true);
            file.lost = file.maps.lostStates();
        });
        return file;
    }

    private static void create(Path path) throws IOException {
        CounterFile draft = new CounterFile(path.resolveSibling(path.getFileName() + "." + UUID.randomUUID()));
        try {
            Files.createDirectories(path.getParent());
            draft.maps = CounterMaps.create(draft.path);
            draft.commit();
            draft.close();
            Files.move(draft.path, path);
            OpenFiles.syncFolder(path.getParent());
        } catch (IOException | RuntimeException e) {
            draft.close();
            throw FileErrors.unusable("counter file cannot be created", path, e);
        } finally {
            draft.path.toFile().delete();
        }
    }

    /**
     * Opens the file for writing, after all of it was read.
     *
     * @throws IOException the file cannot be used and is left unchanged; the message names it and the reason
     */
    public void openForWriting() throws IOException {
        guarded(() -> {
            closeMaps();
            long found = load(false);
            if (found != number) {
                throw FileErrors.corrupt(
                        "file was modified by another process: state=" + found + " expected=" + number);
            }
        });
    }

    private void guarded(Runnable action) throws IOException {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            close();
            throw FileErrors.unusable(path, e);
        }
    }

    /** Opens the maps and verifies the checksums of namespaces; returns the number of the newest state. */
    private long load(boolean readOnly) {
        maps = CounterMaps.open(path, readOnly);
        checksums.load(maps.namespaces());
        if (!maps.state().keySet().equals(Set.of(WRITTEN, NUMBER, SUM))
                || maps.state().get(SUM) != checksums.sum()) {
            throw FileErrors.corrupt("checksum mismatch of namespaces");
        }
        return maps.state().get(NUMBER);
    }

    public Path path() {
        return path;
    }

    /** Returns the length of the file in bytes. */
    public long bytes() {
        return path.toFile().length();
    }

    /** Returns the number of bytes written since the file was opened. */
    long writtenBytes() {
        return maps.writtenBytes();
    }

    /** Returns when the newest state in the file was written. */
    public Instant written() {
        return Instant.ofEpochMilli(maps.state().get(WRITTEN));
    }

    /** Returns how many newer states than the one that was found the file has contained, as far as its header shows. */
    public long lost() {
        return lost;
    }

    /** Returns the namespaces in the file. */
    public List<String> namespaces() {
        return checksums.namespaces();
    }

    /** Returns the number of counters of a namespace in the file. */
    public long size(String namespace) {
        return checksums.get(namespace).size();
    }

    /**
     * Passes each counter of a namespace to an action.
     *
     * @throws IOException the file is corrupt, and so are the values that were passed; the message names the file
     */
    public void read(String namespace, ObjLongConsumer<String> action) throws IOException {
        guarded(() -> {
            NamespaceChecksum expected = checksums.get(namespace);
            NamespaceChecksum read = new NamespaceChecksum(expected.number(), 0, 0);
            Cursor<CounterKey, Long> cursor = cursor(expected.number());
            while (cursor.hasNext() && cursor.next().namespace() == expected.number()) {
                String key = cursor.getKey().key();
                action.accept(key, cursor.getValue());
                read = read.with(key, cursor.getValue());
            }
            if (!read.equals(expected)) {
                throw FileErrors.corrupt("checksum mismatch of counters");
            }
        });
    }

    private Cursor<CounterKey, Long> cursor(long namespace) {
        return maps.counters().cursor(new CounterKey(namespace, ""));
    }

    /**
     * Sets or removes a counter in the next {@link #commit}.
     *
     * @param value null to remove it
     */
    public void put(String namespace, String key, Long value) {
        if (value == null && checksums.get(namespace) == null) {
            return;
        }
        NamespaceChecksum checksum = checksums.getForChange(namespace);
        CounterKey id = new CounterKey(checksum.number(), key);
        Long old = value == null ? maps.counters().remove(id) : maps.counters().put(id, value);
        if (old != null) {
            checksum = checksum.without(key, old);
            removed += value == null ? 1 : 0;
        }
        checksums.put(namespace, value == null ? checksum : checksum.with(key, value));
    }

    /** Removes the counters of a namespace that do not satisfy a predicate, in the next {@link #commit}. */
    public void retain(String namespace, Predicate<String> retained) {
        NamespaceChecksum checksum = checksums.get(namespace);
        if (checksum != null) {
            Cursor<CounterKey, Long> cursor = cursor(checksum.number());
            while (cursor.hasNext() && cursor.next().namespace() == checksum.number()) {
                String key = cursor.getKey().key();
                if (!retained.test(key)) {
                    put(namespace, key, null);
                }
            }
        }
    }

    /**
     * Writes the changes since the last commit as one state, which is on disk when this method returns.
     *
     * @throws RuntimeException the changes may not be on disk; the file must be {@linkplain #reopen reopened}, and the
     *     changes that it then lacks be put again
     */
    public void commit() {
        long total = checksums.store(maps.namespaces());
        if (removed > MIN_REMOVED && removed > maps.counters().sizeAsLong()) {
            maps.mergePages();
            removed = 0;
        }
        maps.state().put(SUM, total);
        maps.state().put(NUMBER, number + 1);
        maps.state().put(WRITTEN, System.currentTimeMillis());
        maps.write();
        checksums.committed(total);
        number++;
        maps.compact();
    }

    /**
     * Returns to the newest state on disk, after a commit that failed.
     *
     * @throws RuntimeException the file cannot be read, or is not the one that was written
     */
    public void reopen() {
        closeMaps();
        try {
            if (bytes() == 0) {
                throw FileErrors.corrupt("file is empty or was removed");
            }
            long found = load(false);
            if (found != number && found != number + 1) {
                throw FileErrors.corrupt("unexpected state: state=" + found + " expected=" + number);
            }
            number = found;
        } catch (RuntimeException | Error e) {
            closeMaps();
            throw e;
        }
    }

    private void closeMaps() {
        if (maps != null) {
            maps.close();
        }
    }

    /**
     * Closes the file without writing: changes after the last commit are not in it. Another instance may open it then.
     */
    public void close() {
        closeMaps();
        OpenFiles.release(path);
    }
}
