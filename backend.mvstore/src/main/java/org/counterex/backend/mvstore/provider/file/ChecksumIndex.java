package org.counterex.backend.mvstore.provider.file;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.h2.mvstore.MVMap;

/** The checksums of all namespaces with counters, including the changes since the newest state was written. */
final class ChecksumIndex {

    private final Map<String, NamespaceChecksum> checksums = new HashMap<>();

    /** The namespaces that have changed since the newest state was written. */
    private final Set<String> changed = new HashSet<>();

    private long sum;
    private long lastNumber;

    /** Replaces the contents by what a file contains. */
    void load(MVMap<String, NamespaceChecksum> stored) {
        changed.clear();
        checksums.clear();
        sum = 0;
        stored.forEach((namespace, checksum) -> {
            checksums.put(namespace, checksum);
            sum += checksum.hash(namespace);
            lastNumber = Math.max(lastNumber, checksum.number());
        });
    }

    /** Returns the sum over all namespaces in the newest state that was read or written. */
    long sum() {
        return sum;
    }

    List<String> namespaces() {
        return List.copyOf(checksums.keySet());
    }

    /** Returns the checksum of a namespace, null if it has no counters. */
    NamespaceChecksum get(String namespace) {
        return checksums.get(namespace);
    }

    /** Returns the checksum of a namespace that is about to change, adding one if it has none. */
    NamespaceChecksum getForChange(String namespace) {
        NamespaceChecksum checksum =
                checksums.computeIfAbsent(namespace, absent -> new NamespaceChecksum(++lastNumber, 0, 0));
        changed.add(namespace);
        return checksum;
    }

    void put(String namespace, NamespaceChecksum checksum) {
        checksums.put(namespace, checksum);
    }

    /**
     * Copies the changes to the map of the file; namespaces without counters are removed.
     *
     * @return the sum over all namespaces then
     */
    long store(MVMap<String, NamespaceChecksum> stored) {
        long total = sum;
        for (String namespace : changed) {
            NamespaceChecksum checksum = checksums.get(namespace);
            NamespaceChecksum old;
            if (checksum.size() > 0) {
                old = stored.put(namespace, checksum);
                total += checksum.hash(namespace);
            } else {
                old = stored.remove(namespace);
                checksums.remove(namespace);
            }
            total -= old == null ? 0 : old.hash(namespace);
        }
        return total;
    }

    /** Records that the state with the given sum is on disk. */
    void committed(long total) {
        changed.clear();
        sum = total;
    }
}
