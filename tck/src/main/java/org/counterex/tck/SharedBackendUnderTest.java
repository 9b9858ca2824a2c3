package org.counterex.tck;

import org.counterex.api.backend.CounterBackend;
import org.osgi.annotation.versioning.ConsumerType;

/** What the suites have to know besides of a backend that shares its values with others. */
@ConsumerType
public interface SharedBackendUnderTest extends BackendUnderTest {

    /**
     * Makes another backend on the same place as one, as if in another runtime. The one given may have been ended, by
     * {@link #close}; whoever does that leaves the values where they are. May be called by several threads.
     *
     * @throws Exception it cannot be made; the test fails
     */
    CounterBackend another(CounterBackend backend) throws Exception;

    /**
     * Whether the others see what was counted as soon as a call has returned: true here. If they do so after {@code flush}
     * alone, as additions are sent later, the suites call that before they look, and leave out what would have to be exact
     * without. See {@link #returnsExactValues} for what {@code inc} tells.
     */
    default boolean isSeenAtOnce() {
        return true;
    }
}
