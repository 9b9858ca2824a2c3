package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;

import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.junit.Rule;
import org.junit.Test;

/** Properties and defaults of handles and namespaces; {@link MovingContractTest} covers their operations. */
public class CounterHandleTest {

    @Rule
    public final TestRegistry registry = new TestRegistry();

    private final CounterNamespace namespace = registry.namespace("ns");

    @Test
    public void handle_describesItsCounter() {
        Counter handle = namespace.counter("k");
        assertEquals("ns", handle.namespace());
        assertEquals("k", handle.key());
        assertEquals("ns/k", handle.toString());
    }

    @Test
    public void reset_withoutValue_setsZero() {
        registry.bind(RealBackends.ets(), "ets");
        namespace.set("k", 5);
        assertEquals(0, namespace.reset("k"));
        assertEquals(0, namespace.get("k").getAsLong());
        namespace.set("k", 5);
        assertEquals(0, namespace.counter("k").reset());
    }
}
