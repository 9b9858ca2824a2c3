package org.counterex.api;

import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A handle of one counter: every operation of {@link CounterNamespace} on a fixed key. Keep it, use it from any thread,
 * across every change of backend. It refers to the counter by name: a counter that is deleted and created anew is met
 * again by the same handle.
 *
 * <p>Each method does what the method of the same name in {@link CounterNamespace} does, with the same errors.
 */
@ProviderType
public interface Counter {

    /** The name of the namespace. */
    String namespace();

    /** The name of the counter within its namespace. */
    String key();

    /** @see CounterNamespace#inc(String) */
    default long inc() {
        return inc(1);
    }

    /** @see CounterNamespace#inc(String, long) */
    default long inc(long step) {
        return inc(step, 0);
    }

    /** @see CounterNamespace#inc(String, long, long) */
    long inc(long step, long initial);

    /** @see CounterNamespace#add(String, long) */
    void add(long step);

    /** @see CounterNamespace#get(String) */
    OptionalLong get();

    /** @see CounterNamespace#set(String, long) */
    long set(long value);

    /** @see CounterNamespace#reset(String) */
    default long reset() {
        return reset(0);
    }

    /** @see CounterNamespace#reset(String, long) */
    long reset(long initial);

    /** @see CounterNamespace#delete(String) */
    void delete();

    /** @see CounterNamespace#compareAndSwap(String, long, long) */
    CasResult compareAndSwap(long expected, long newValue);
}
