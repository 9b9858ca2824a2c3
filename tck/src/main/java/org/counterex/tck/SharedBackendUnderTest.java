package org.counterex.tck;

import org.counterex.api.backend.CounterBackend;
import org.osgi.annotation.versioning.ConsumerType;

/** Description of a backend for the suites, if others share its values. */
@ConsumerType
public interface SharedBackendUnderTest extends BackendUnderTest {

    /**
     * Creates another backend on the same store as a given one, as in another process. The given one may have been
     * stopped by {@link #close}, which leaves the values in the store. May be called by several threads.
     *
     * @throws Exception it cannot be created; the test fails
     */
    CounterBackend another(CounterBackend backend) throws Exception;

    /**
     * Returns whether others see a change as soon as the call has returned; true by default. If false, because
     * additions are sent later, the suites call {@code flush} before they compare and skip what would have to be exact
     * without it. See {@link #returnsExactValues} for the results of {@code inc}.
     */
    default boolean isSeenAtOnce() {
        return true;
    }
}
