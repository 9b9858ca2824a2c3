package org.counterex.registry.provider.namespace;

/** Access of tests to the index of a key lock. */
public final class LockIndex {

    private LockIndex() {}

    /** Returns which key lock of its namespace guards a key. */
    public static int of(String key) {
        return KeyLocks.index(key);
    }
}
