package org.counterex.tck;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.backend.CounterBackend;
import org.junit.After;
import org.junit.Before;

/** Superclass of the suites for shared backends: two of them on a new store for each test. */
public abstract class SharedSuite extends BackendSuite implements SharedBackendUnderTest {

    /** Backends on the store of {@link #backend} that were created and not stopped yet. */
    private final List<CounterBackend> others = new ArrayList<>();

    CounterBackend other;

    SharedSuite() {}

    @Before
    public final void openAnother() throws Exception {
        other = start();
    }

    @After
    public final void closeOthers() throws Exception {
        for (CounterBackend each : others) {
            close(each);
        }
    }

    /** Returns the backend that a thread with this number calls. */
    final CounterBackend side(int number) {
        return number % 2 == 0 ? backend : other;
    }

    final CounterBackend opposite(CounterBackend one) {
        return one == backend ? other : backend;
    }

    final CounterBackend start() throws Exception {
        CounterBackend started = another(backend);
        others.add(started);
        return started;
    }

    final void stop(CounterBackend stopped) throws Exception {
        others.remove(stopped);
        if (stopped == backend) {
            backend = null;
        }
        close(stopped);
    }

    /** Flushes both where they do not see at once what the other has counted. */
    final void settle(String... namespaces) {
        if (!isSeenAtOnce()) {
            for (String namespace : namespaces) {
                backend.flush(namespace);
                other.flush(namespace);
            }
        }
    }

    final void assertSeen(long expected) {
        settle(NAMESPACE);
        for (CounterBackend each : List.of(backend, other)) {
            assertEquals("value", OptionalLong.of(expected), each.get(NAMESPACE, KEY));
            assertEquals("all counters", Map.of(KEY, expected), each.getAll(NAMESPACE));
            assertEquals(
                    "counters in each namespace",
                    Map.of(NAMESPACE, 1L),
                    each.info().namespaces());
        }
    }

    final void assertNotSeen() {
        settle(NAMESPACE);
        for (CounterBackend each : List.of(backend, other)) {
            assertEquals("value", OptionalLong.empty(), each.get(NAMESPACE, KEY));
            assertEquals("all counters", Map.of(), each.getAll(NAMESPACE));
            assertEquals("counters in each namespace", Map.of(), each.info().namespaces());
        }
    }
}
