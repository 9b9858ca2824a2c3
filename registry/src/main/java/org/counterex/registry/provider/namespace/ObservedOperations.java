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
 * Operations of a namespace to which listeners subscribe: runs each operation and offers an event with its outcome to
 * the queues of the listeners. Immutable.
 */
public final class ObservedOperations {

    private final Namespace namespace;
    private final Map<Operation, List<EventQueue<CounterEvent>>> queues;

    /** Returns the calls of a namespace for the queues that receive its events; null if there are none. */
    public static ObservedOperations of(Namespace namespace, Map<Operation, List<EventQueue<CounterEvent>>> queues) {
        return queues.isEmpty() ? null : new ObservedOperations(namespace, queues);
    }

    private ObservedOperations(Namespace namespace, Map<Operation, List<EventQueue<CounterEvent>>> queues) {
        this.namespace = namespace;
        this.queues = queues;
    }

    long inc(String key, long step, long initial) {
        return runWithValue(
                Operation.INC, key, step, () -> namespace.operations().inc(key, step, initial));
    }

    void add(String key, long step) {
        run(
                () -> {
                    namespace.operations().add(key, step);
                    return null;
                },
                done -> publish(Operation.ADD, key, step, OptionalLong.empty(), true),
                () -> failed(Operation.ADD, key, step));
    }

    long set(String key, long value) {
        return runWithValue(
                Operation.SET, key, value, () -> namespace.operations().put(key, value, false));
    }

    long reset(String key, long initial) {
        return runWithValue(
                Operation.RESET, key, initial, () -> namespace.operations().put(key, initial, true));
    }

    void delete(String key) {
        run(
                () -> namespace.operations().delete(key),
                last -> publish(Operation.DELETE, key, 0, last, true),
                () -> failed(Operation.DELETE, key, 0));
    }

    CasResult compareAndSwap(String key, long expected, long newValue) {
        return run(
                () -> namespace.operations().compareAndSwap(key, expected, newValue),
                done -> publish(Operation.CAS, key, newValue, OptionalLong.of(done.value()), done.swapped()),
                () -> failed(Operation.CAS, key, newValue));
    }

    Map<String, Long> drain() {
        return run(
                namespace.bulk()::drain,
                taken -> publish(Operation.DRAIN, "", taken.size(), OptionalLong.empty(), true),
                () -> failed(Operation.DRAIN, "", 0));
    }

    void deleteAll() {
        long[] deleted = new long[1];
        run(
                () -> {
                    namespace.bulk().deleteAll(() -> deleted[0]++);
                    return null;
                },
                done -> publish(Operation.DELETE_NAMESPACE, "", deleted[0], OptionalLong.empty(), true),
                () -> failed(Operation.DELETE_NAMESPACE, "", deleted[0]));
    }

    private long runWithValue(Operation operation, String key, long amount, Supplier<Long> call) {
        return run(
                call,
                value -> publish(operation, key, amount, OptionalLong.of(value), true),
                () -> failed(operation, key, amount));
    }

    private static <R> R run(Supplier<R> call, Consumer<R> done, Runnable failed) {
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
        publish(operation, key, amount, OptionalLong.empty(), false);
    }

    private void publish(Operation operation, String key, long amount, OptionalLong value, boolean success) {
        List<EventQueue<CounterEvent>> receivers = queues.get(operation);
        if (receivers == null) {
            return;
        }
        String backend = namespace.placement().active().label();
        CounterEvent event = new CounterEvent(backend, operation, namespace.name(), key, amount, value, success);
        for (EventQueue<CounterEvent> queue : receivers) {
            queue.offer(event);
        }
    }
}
