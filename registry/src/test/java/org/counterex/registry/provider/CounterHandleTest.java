package org.counterex.registry.provider;

import static org.junit.Assert.assertEquals;

import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.junit.After;
import org.junit.Test;

/** What a handle tells of itself, and a namespace by default; what they do is a matter of {@link MovingContractTest}. */
public class CounterHandleTest {

    private final TestRegistry world = new TestRegistry();
    private final CounterNamespace namespace = world.namespace("ns");

    @After
    public void close() {
        world.close();
    }

    @Test
    public void handle_tellsWhatItIsOf() {
        Counter handle = namespace.counter("k");
        assertEquals("ns", handle.namespace());
        assertEquals("k", handle.key());
        assertEquals("ns/k", handle.toString());
    }

    @Test
    public void reset_withoutAValue_isToZero() {
        world.bind(RealBackends.ets(), "ets");
        namespace.set("k", 5);
        assertEquals(0, namespace.reset("k"));
        assertEquals(0, namespace.get("k").getAsLong());
        namespace.set("k", 5);
        assertEquals(0, namespace.counter("k").reset());
    }
}
