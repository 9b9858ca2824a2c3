package org.counterex.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.counterex.api.CasResult;

/** Sequential specification of two counters, with the same methods as the scenarios. */
public class Model {

    private final int keys;
    private final Map<Integer, Long> values = new HashMap<>();

    public Model() {
        this(2);
    }

    private Model(int keys) {
        this.keys = keys;
        set(0, 0);
    }

    /** The same with one counter, for which a drain is atomic. */
    public static final class OfOneKey extends Model {
        public OfOneKey() {
            super(1);
        }
    }

    private Long value(int key) {
        return values.get(key % keys);
    }

    public Object inc(int key) {
        return inc(key, 1, 0);
    }

    public Object inc(int key, long step, long initial) {
        Long present = value(key);
        try {
            long sum = Math.addExact(present == null ? initial : present, step);
            return sum == Long.MIN_VALUE ? Calls.OVERFLOW : (Object) set(key, sum);
        } catch (ArithmeticException e) {
            return Calls.OVERFLOW;
        }
    }

    public Object handleInc(int key) {
        return inc(key, 1, 0);
    }

    public Object handleInc(int key, long step) {
        return inc(key, step, 0);
    }

    public OptionalLong get(int key) {
        Long present = value(key);
        return present == null ? OptionalLong.empty() : OptionalLong.of(present);
    }

    public OptionalLong handleGet(int key) {
        return get(key);
    }

    public Object add(int key, long step) {
        return inc(key, step, 0) == Calls.OVERFLOW ? Calls.OVERFLOW : null;
    }

    public Object handleAdd(int key, long step) {
        return add(key, step);
    }

    public final long set(int key, long value) {
        values.put(key % keys, value);
        return value;
    }

    public long reset(int key, long initial) {
        return set(key, initial);
    }

    public void delete(int key) {
        values.remove(key % keys);
    }

    public CasResult compareAndSwap(int key, long expected, long newValue) {
        long present = get(key).orElse(0);
        return present == expected ? new CasResult(true, set(key, newValue)) : new CasResult(false, present);
    }

    public Long drain() {
        return values.remove(0);
    }

    /** No effect: moves are transparent. */
    public void move(int target) {}

    /** No effect: restarts of a backend are transparent. */
    public void restartBackend() {}
}
