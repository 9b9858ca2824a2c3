package org.counterex.bench;

import java.util.OptionalLong;
import org.counterex.api.CounterNamespace;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** The calls that return the value as well, which are exact if a counter is one number. */
public abstract class ObservedCalls extends Calls {

    ObservedCalls(CounterNamespace namespace, String... keys) {
        super(namespace, keys);
    }

    @Operation
    public Object inc(@Param(name = "key") int key) {
        return outcome(() -> namespace().inc(name(key)));
    }

    @Operation
    public Object inc(
            @Param(name = "key") int key, @Param(name = "number") long step, @Param(name = "number") long initial) {
        return outcome(() -> namespace().inc(name(key), step, initial));
    }

    @Operation
    public Object handleInc(@Param(name = "key") int key) {
        return outcome(() -> handle(key).inc());
    }

    @Operation
    public Object handleInc(@Param(name = "key") int key, @Param(name = "number") long step) {
        return outcome(() -> handle(key).inc(step));
    }

    @Operation
    public OptionalLong get(@Param(name = "key") int key) {
        return namespace().get(name(key));
    }

    @Operation
    public OptionalLong handleGet(@Param(name = "key") int key) {
        return handle(key).get();
    }
}
