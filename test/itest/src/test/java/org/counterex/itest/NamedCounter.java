package org.counterex.itest;

import java.util.OptionalLong;
import org.counterex.api.CasResult;
import org.counterex.api.Counter;
import org.counterex.api.CounterNamespace;

/** Counter that looks up its name at each call, for tests that otherwise use handles. */
record NamedCounter(CounterNamespace counters, String key) implements Counter {

    @Override
    public String namespace() {
        return counters.name();
    }

    @Override
    public long inc() {
        return counters.inc(key);
    }

    @Override
    public long inc(long step) {
        return counters.inc(key, step);
    }

    @Override
    public long inc(long step, long initial) {
        return counters.inc(key, step, initial);
    }

    @Override
    public void add(long step) {
        counters.add(key, step);
    }

    @Override
    public OptionalLong get() {
        return counters.get(key);
    }

    @Override
    public long set(long value) {
        return counters.set(key, value);
    }

    @Override
    public long reset() {
        return counters.reset(key);
    }

    @Override
    public long reset(long initial) {
        return counters.reset(key, initial);
    }

    @Override
    public void delete() {
        counters.delete(key);
    }

    @Override
    public CasResult compareAndSwap(long expected, long newValue) {
        return counters.compareAndSwap(key, expected, newValue);
    }
}
