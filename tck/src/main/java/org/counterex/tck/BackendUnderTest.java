package org.counterex.tck;

import java.util.OptionalLong;
import org.counterex.api.backend.CounterBackend;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Description of a backend for the suites. Only {@link #newBackend} has to be implemented; the other methods describe
 * where a backend differs from an exact, unbounded one in memory.
 */
@ConsumerType
public interface BackendUnderTest {

    /**
     * Creates a backend without counters, for one test. A bounded one holds {@link #capacity} counters in each
     * namespace.
     *
     * @throws Exception it cannot be created; the test fails
     */
    CounterBackend newBackend() throws Exception;

    /** Stops a backend after its test. This implementation closes it if it is {@link AutoCloseable}. */
    default void close(CounterBackend backend) throws Exception {
        if (backend instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /**
     * Returns the number of counters that each namespace can hold; empty, the default, if there is no bound. All suites
     * except {@link BoundedBackendContract} require room for 100 or more.
     */
    default OptionalLong capacity() {
        return OptionalLong.empty();
    }

    /** Returns the lowest value of a counter: -(2^63-1), the default, or 0 for a backend without negative values. */
    default long lowest() {
        return -Long.MAX_VALUE;
    }

    /**
     * Returns whether the result of {@code inc} is exact during concurrent additions; true by default. If false, tests
     * that depend on such results are skipped; totals still have to be exact.
     */
    default boolean returnsExactValues() {
        return true;
    }

    /**
     * Returns whether {@code drain} is exact during concurrent calls; true by default. For a backend that inherits
     * {@link CounterBackend#drain} it is false, and tests of concurrent drains are skipped.
     */
    default boolean drainsAtomically() {
        return true;
    }

    /** Returns the same as {@link #drainsAtomically} for {@code take}. */
    default boolean takesAtomically() {
        return true;
    }

    /** Returns the number of counters for tests with many: 10,000 by default, or as many as a namespace can hold. */
    default int manyCounters() {
        return (int) Math.min(10_000, capacity().orElse(Long.MAX_VALUE));
    }

    /** Returns the number of repetitions in each thread of a test: 5,000 by default; less for a slow store. */
    default int repetitions() {
        return 5_000;
    }
}
