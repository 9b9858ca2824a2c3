package org.counterex.tck;

import java.util.OptionalLong;
import org.counterex.api.backend.CounterBackend;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What the suites have to know of a backend. {@link #newBackend} is all that has to be written; the other methods tell
 * where a backend differs from an unbounded, exact one in memory.
 */
@ConsumerType
public interface BackendUnderTest {

    /**
     * Makes a backend without counters, for one test. A bounded one holds {@link #capacity} counters in each namespace.
     *
     * @throws Exception it cannot be made; the test fails
     */
    CounterBackend newBackend() throws Exception;

    /** Ends a backend after its test. This implementation closes it if it is {@link AutoCloseable}. */
    default void close(CounterBackend backend) throws Exception {
        if (backend instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /**
     * The counters that each namespace can hold; empty, as here, if there is no bound. All suites but
     * {@link BoundedBackendContract} want room for 100 or more.
     */
    default OptionalLong capacity() {
        return OptionalLong.empty();
    }

    /** The lowest value of a counter: -(2^63-1) as here, or 0 for a backend without negative values. */
    default long lowest() {
        return -Long.MAX_VALUE;
    }

    /**
     * Whether the value that {@code inc} returns is exact while others add: true here. If it is not, the tests that
     * conclude from such values are skipped; totals have to be exact all the same.
     */
    default boolean returnsExactValues() {
        return true;
    }

    /**
     * Whether {@code drain} is exact while others call: true here. A backend that inherits {@link CounterBackend#drain}
     * says false, and the tests of drains that race are skipped.
     */
    default boolean drainsAtomically() {
        return true;
    }

    /** As {@link #drainsAtomically}, for {@code take}. */
    default boolean takesAtomically() {
        return true;
    }

    /** How many counters a namespace is filled with where a test wants many: 10,000, or as many as it can hold. */
    default int manyCounters() {
        return (int) Math.min(10_000, capacity().orElse(Long.MAX_VALUE));
    }

    /** How often a test, and each thread of it, repeats what it does: 5,000 times here; less suits a slow store. */
    default int repetitions() {
        return 5_000;
    }
}
