package org.counterex.tck;

import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.counterex.api.CasResult;
import org.counterex.api.backend.BackendInfo;
import org.counterex.api.backend.CounterBackend;

/** Correct backend whose operations can be replaced one by one. */
final class ModifiedBackend implements CounterBackend, AutoCloseable {

    interface Inc {
        long inc(String namespace, String key, long step, long initial);
    }

    interface Add {
        void add(String namespace, String key, long step);
    }

    interface Get {
        OptionalLong get(String namespace, String key);
    }

    interface Put {
        long put(String namespace, String key, long value);
    }

    interface Delete {
        void delete(String namespace, String key);
    }

    interface Swap {
        CasResult swap(String namespace, String key, long expected, long newValue);
    }

    final CounterBackend good;

    Inc inc;
    Add add;
    Add merge;
    Get get;
    Get take;
    Put set;
    Put reset;
    Delete delete;
    Swap compareAndSwap;
    Function<String, Map<String, Long>> getAll;
    Consumer<String> deleteNamespace;
    Function<String, Map<String, Long>> drain;
    Consumer<String> flush;
    Runnable close;
    Supplier<BackendInfo> info;

    ModifiedBackend(CounterBackend good) {
        this.good = good;
        inc = good::inc;
        add = (namespace, key, step) -> inc.inc(namespace, key, step, 0);
        merge = (namespace, key, value) -> add.add(namespace, key, value);
        get = good::get;
        take = good::take;
        set = good::set;
        reset = good::reset;
        delete = good::delete;
        compareAndSwap = good::compareAndSwap;
        getAll = good::getAll;
        deleteNamespace = good::deleteNamespace;
        drain = good::drain;
        flush = good::flush;
        close = () -> {};
        info = good::info;
    }

    @Override
    public long inc(String namespace, String key, long step, long initial) {
        return inc.inc(namespace, key, step, initial);
    }

    @Override
    public void add(String namespace, String key, long step) {
        add.add(namespace, key, step);
    }

    @Override
    public void merge(String namespace, String key, long value) {
        merge.add(namespace, key, value);
    }

    @Override
    public OptionalLong get(String namespace, String key) {
        return get.get(namespace, key);
    }

    @Override
    public OptionalLong take(String namespace, String key) {
        return take.get(namespace, key);
    }

    @Override
    public long set(String namespace, String key, long value) {
        return set.put(namespace, key, value);
    }

    @Override
    public long reset(String namespace, String key, long initial) {
        return reset.put(namespace, key, initial);
    }

    @Override
    public void delete(String namespace, String key) {
        delete.delete(namespace, key);
    }

    @Override
    public Map<String, Long> getAll(String namespace) {
        return getAll.apply(namespace);
    }

    @Override
    public void deleteNamespace(String namespace) {
        deleteNamespace.accept(namespace);
    }

    @Override
    public CasResult compareAndSwap(String namespace, String key, long expected, long newValue) {
        return compareAndSwap.swap(namespace, key, expected, newValue);
    }

    @Override
    public Map<String, Long> drain(String namespace) {
        return drain.apply(namespace);
    }

    @Override
    public void flush(String namespace) {
        flush.accept(namespace);
    }

    @Override
    public BackendInfo info() {
        return info.get();
    }

    @Override
    public void close() {
        close.run();
    }
}
