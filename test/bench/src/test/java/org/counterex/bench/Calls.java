package org.counterex.bench;

import java.util.Arrays;
import java.util.function.Supplier;
import org.counterex.api.CasResult;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;
import org.counterex.api.CounterOverflowException;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * The calls that are exact on every backend, by name and by a long-lived handle. An instance is one invocation of a
 * scenario, on a namespace of its own. The first counter exists from the start, and its handle references its cell:
 * only a caller that has kept a cell can see it being sealed.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:1")
@Param(name = "number", gen = Numbers.class)
public abstract class Calls {

    /** Result of a call that was rejected because the sum is out of range. */
    static final String OVERFLOW = "overflow";

    private final CounterNamespace namespace;
    private final String[] keys;
    private final Counter[] handles;

    Calls(CounterNamespace namespace, String... keys) {
        this.namespace = namespace;
        this.keys = keys;
        this.handles = Arrays.stream(keys).map(namespace::counter).toArray(Counter[]::new);
        handles[0].add(0);
    }

    /**
     * Returns the namespace after a random pause: calls take nanoseconds, and would hardly ever overlap a move of
     * microseconds.
     */
    final CounterNamespace namespace() {
        Fixture.pause();
        return namespace;
    }

    final String name(int key) {
        return keys[key % keys.length];
    }

    final Counter handle(int key) {
        Fixture.pause();
        return handles[key % keys.length];
    }

    static Object outcome(Supplier<Object> call) {
        try {
            return call.get();
        } catch (CounterOverflowException e) {
            return OVERFLOW;
        }
    }

    @Operation
    public Object add(@Param(name = "key") int key, @Param(name = "number") long step) {
        return outcome(() -> {
            namespace().add(name(key), step);
            return null;
        });
    }

    @Operation
    public Object handleAdd(@Param(name = "key") int key, @Param(name = "number") long step) {
        return outcome(() -> {
            handle(key).add(step);
            return null;
        });
    }

    @Operation
    public long set(@Param(name = "key") int key, @Param(name = "number") long value) {
        return namespace().set(name(key), value);
    }

    @Operation
    public long reset(@Param(name = "key") int key, @Param(name = "number") long initial) {
        return handle(key).reset(initial);
    }

    @Operation
    public void delete(@Param(name = "key") int key) {
        namespace().delete(name(key));
    }

    @Operation
    public CasResult compareAndSwap(
            @Param(name = "key") int key,
            @Param(name = "number") long expected,
            @Param(name = "number") long newValue) {
        return namespace().compareAndSwap(name(key), expected, newValue);
    }
}
