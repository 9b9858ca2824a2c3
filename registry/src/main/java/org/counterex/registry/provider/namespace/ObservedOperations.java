package org.counterex.registry.provider.namespace;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.counterex.api.CasResult;
import org.counterex.api.CounterEvent;
import org.counterex.api.CounterEvent.Operation;
import org.counterex.api.CounterException;
import org.counterex.registry.provider.event.EventQueue;

/**
 * The calls of a namespace to which somebody listens: has each carried out, and leaves an event with its outcome. Immutable.
 */
public final class ObservedOperations {

    private final Namespace namespace;
    private final Map<Operation, List<EventQueue<CounterEvent>>> told;

    /** Returns the calls of a namespace for the queues that receive its events; null if there are none. */
    public static ObservedOperations of(Namespace namespace, Map<Operation, List<EventQueue<CounterEvent>>> queues) {
        return queues.isEmpty() ? null : new ObservedOperations(namespace, queues);
    }

    private ObservedOperations(Namespace namespace, Map<Operation, List<EventQueue<CounterEvent>>> told) {
        this.namespace = namespace;
        this.told = told;
    }

    long inc(String key, long step, long initial) {
        return valued(Operation.INC, key, step, () -> namespace.doInc(key, step, initial));
    }

    void add(String key, long step) {
        carriedOut(
                () -> {
                    namespace.doAdd(key, step);
                    return null;
                },
                done -> tell(Operation.ADD, key, step, OptionalLong.empty(), true),
                () -> failed(Operation.ADD, key, step));
    }

    long set(String key, long value) {
        return valued(Operation.SET, key, value, () -> namespace.doPut(key, value, false));
    }

    long reset(String key, long initial) {
        return valued(Operation.RESET, key, initial, () -> namespace.doPut(key, initial, true));
    }

    void delete(String key) {
        carriedOut(
                () -> namespace.doDelete(key),
                last -> tell(Operation.DELETE, key, 0, last, true),
                () -> failed(Operation.DELETE, key, 0));
    }

    CasResult compareAndSwap(String key, long expected, long newValue) {
        return carriedOut(
                () -> namespace.doCompareAndSwap(key, expected, newValue),
                done -> tell(Operation.CAS, key, newValue, OptionalLong.of(done.value()), done.swapped()),
                () -> failed(Operation.CAS, key, newValue));
    }

    Map<String, Long> drain() {
        return carriedOut(
                namespace::doDrain,
                taken -> tell(Operation.DRAIN, "", taken.size(), OptionalLong.empty(), true),
                () -> failed(Operation.DRAIN, "", 0));
    }

    void deleteAll() {
        long[] deleted = new long[1];
        carriedOut(
                () -> {
                    namespace.doDeleteAll(() -> deleted[0]++);
                    return null;
                },
                done -> tell(Operation.DELETE_NAMESPACE, "", deleted[0], OptionalLong.empty(), true),
                () -> failed(Operation.DELETE_NAMESPACE, "", deleted[0]));
    }

    private long valued(Operation operation, String key, long amount, Supplier<Long> call) {
        return carriedOut(
                call,
                value -> tell(operation, key, amount, OptionalLong.of(value), true),
                () -> failed(operation, key, amount));
    }

    private static <R> R carriedOut(Supplier<R> call, Consumer<R> done, Runnable failed) {
        R result;
        try {
            result = call.get();
        } catch (CounterException e) {
            failed.run();
            throw e;
        }
        done.accept(result);
        return result;
    }

    private void failed(Operation operation, String key, long amount) {
        tell(operation, key, amount, OptionalLong.empty(), false);
    }

    private void tell(Operation operation, String key, long amount, OptionalLong value, boolean success) {
        List<EventQueue<CounterEvent>> postboxes = told.get(operation);
        if (postboxes == null) {
            return;
        }
        String backend = namespace.placement().active().label();
        CounterEvent event = new CounterEvent(backend, operation, namespace.name(), key, amount, value, success);
        for (EventQueue<CounterEvent> postbox : postboxes) {
            postbox.offer(event);
        }
    }
}
