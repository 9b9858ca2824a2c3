package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.backend.CounterBackend;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.function.ThrowingRunnable;

/** Superclass of the suites: a new backend for each test. */
public abstract class BackendSuite implements BackendUnderTest {

    static final String NAMESPACE = "namespace";
    static final String KEY = "key";
    static final long HIGHEST = Long.MAX_VALUE;

    /** Source of the random numbers. */
    @Rule
    public final Seed seed = new Seed();

    CounterBackend backend;

    BackendSuite() {}

    @Before
    public final void open() throws Exception {
        backend = newBackend();
    }

    @After
    public final void close() throws Exception {
        if (backend != null) {
            close(backend);
        }
    }

    final OptionalLong value() {
        return backend.get(NAMESPACE, KEY);
    }

    final void assertValue(long expected) {
        assertEquals("value", OptionalLong.of(expected), value());
    }

    /** Asserts that the counter is absent for every operation that reads. */
    final void assertAbsent() {
        assertEquals("value", OptionalLong.empty(), value());
        assertEquals("all counters", Map.of(), backend.getAll(NAMESPACE));
        assertEquals("counters in each namespace", Map.of(), backend.info().namespaces());
    }

    /** Asserts that a call on the counter is rejected for its range, with an exception that names the counter. */
    final void assertOutOfRange(String call, ThrowingRunnable rejected) {
        CounterOverflowException e = assertThrows(call, CounterOverflowException.class, rejected);
        assertEquals("namespace of the exception", NAMESPACE, e.namespace());
        assertEquals("key of the exception", KEY, e.key());
        assertEquals("lowest value in the exception", lowest(), e.lowest());
    }

    /** Asserts that random sequences of calls have the same results and effects as on the model. */
    final void assertLikeTheModel(int keys) {
        CounterBackend model = new Model(capacity(), lowest());
        RandomCalls calls = new RandomCalls(seed.random(0), lowest(), keys);
        for (int i = 0; i < repetitions(); i++) {
            RandomCalls.Call call = calls.next();
            Object before = RandomCalls.state(model);
            assertEquals(call.text() + " on " + before, call.on(model), call.on(backend));
            assertEquals(
                    "effect of " + call.text() + " on " + before, RandomCalls.state(model), RandomCalls.state(backend));
        }
    }
}
