package org.counterex.tck;

import java.util.List;
import java.util.Map;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterOverflowException;

/** Faults in the capacity of a bounded backend. */
final class BoundFlaws {

    static final long CAPACITY = 10;

    static final List<Flaw> ALL = List.of(
            Flaw.ofBounded(
                    "one counter too few",
                    () -> new BoundedMapBackend(CAPACITY - 1, 0),
                    b -> {},
                    "creation_upToTheCapacity_succeeds",
                    "calls_onMoreNamesThanRoom_equalTheModel"),
            Flaw.ofBounded(
                    "one counter too many",
                    () -> new BoundedMapBackend(CAPACITY + 1, 0),
                    b -> {},
                    "creation_inAFullNamespace_isRefused",
                    "creation_ofRacingWriters_stopsAtTheCapacity",
                    "delete_inAFullNamespace_releasesRoomForOne"),
            Flaw.ofBounded(
                    "reset creates without limit",
                    BoundFlaws::good,
                    b -> b.reset = (namespace, key, value) -> {
                        try {
                            return b.good.reset(namespace, key, value);
                        } catch (CapacityExceededException e) {
                            return value;
                        }
                    },
                    "creation_inAFullNamespace_isRefused"),
            Flaw.ofBounded(
                    "a full namespace rejects every addition",
                    BoundFlaws::good,
                    b -> b.inc = (namespace, key, step, initial) -> {
                        if (b.good.getAll(namespace).size() == CAPACITY) {
                            throw new CapacityExceededException(namespace, key, CAPACITY);
                        }
                        return b.good.inc(namespace, key, step, initial);
                    },
                    "counters_ofAFullNamespace_remainUsable"),
            Flaw.ofBounded(
                    "compareAndSwap reserves room before it compares",
                    BoundFlaws::good,
                    b -> b.compareAndSwap = (namespace, key, expected, newValue) -> {
                        if (b.good.get(namespace, key).isEmpty()) {
                            account(b).reserve(namespace, key);
                        }
                        return b.good.compareAndSwap(namespace, key, expected, newValue);
                    },
                    "compareAndSwap_thatFailsInAFullNamespace_isNotRefused",
                    "compareAndSwap_thatFailsOnAnAbsentCounter_takesNoRoom"),
            Flaw.ofBounded(
                    "a creation out of range uses room",
                    BoundFlaws::good,
                    b -> b.inc = (namespace, key, step, initial) -> {
                        try {
                            return b.good.inc(namespace, key, step, initial);
                        } catch (CounterOverflowException e) {
                            account(b).reserve(namespace, key);
                            throw e;
                        }
                    },
                    "creation_outOfRange_takesNoRoom"),
            Flaw.ofBounded(
                    "a creation rejected for lack of room uses some",
                    () -> new BoundedMapBackend(CAPACITY, 0) {
                        @Override
                        void reserve(String namespace, String key) {
                            try {
                                super.reserve(namespace, key);
                            } catch (CapacityExceededException e) {
                                release(namespace, -1);
                                throw e;
                            }
                        }
                    },
                    b -> {},
                    "creation_rejectedForLackOfRoom_takesNoRoom"),
            Flaw.ofBounded(
                    "room is not reused",
                    () -> new BoundedMapBackend(CAPACITY, 0) {
                        @Override
                        void release(String namespace, long counters) {
                            // never
                        }
                    },
                    b -> {},
                    "delete_inAFullNamespace_releasesRoomForOne",
                    "drain_ofAFullNamespace_releasesAllRoom",
                    "deleteNamespace_ofAFullOne_releasesAllRoom",
                    "room_ofDeletedCounters_isReused",
                    "room_ofAPassingCounter_isReused",
                    "room_ofRacingCreatorsAndDeleters_isSufficient"),
            Flaw.ofBounded(
                    "deleting an absent counter releases room",
                    BoundFlaws::good,
                    b -> b.delete = (namespace, key) -> {
                        if (b.good.get(namespace, key).isEmpty()) {
                            account(b).release(namespace, 1);
                        }
                        b.good.delete(namespace, key);
                    },
                    "delete_ofAnAbsentCounter_releasesNoRoom"),
            Flaw.ofBounded(
                    "all namespaces share the room",
                    () -> new BoundedMapBackend(CAPACITY, 0) {
                        @Override
                        void reserve(String namespace, String key) {
                            super.reserve("all", key);
                        }
                    },
                    b -> {},
                    "capacity_ofEachNamespace_isItsOwn"),
            Flaw.ofBounded(
                    "room is checked and then reserved",
                    () -> new BoundedMapBackend(Long.MAX_VALUE, 0),
                    b -> {
                        b.inc = (namespace, key, step, initial) -> {
                            lookForRoom(b, namespace, key);
                            return b.good.inc(namespace, key, step, initial);
                        };
                        b.set = (namespace, key, value) -> {
                            lookForRoom(b, namespace, key);
                            return b.good.set(namespace, key, value);
                        };
                        b.reset = b.set;
                        b.compareAndSwap = (namespace, key, expected, newValue) -> {
                            lookForRoom(b, namespace, key);
                            return b.good.compareAndSwap(namespace, key, expected, newValue);
                        };
                    },
                    "creation_ofRacingWriters_stopsAtTheCapacity"),
            Flaw.ofBounded(
                    "each concurrent creator uses room",
                    BoundFlaws::good,
                    b -> b.inc = (namespace, key, step, initial) -> {
                        boolean absent = b.good.get(namespace, key).isEmpty();
                        Flaw.pause();
                        long value = b.good.inc(namespace, key, step, initial);
                        if (absent && value != initial + step) {
                            account(b).release(namespace, -1);
                        }
                        return value;
                    },
                    "creation_ofRacingWritersOfOneCounter_takesOneRoom"));

    private BoundFlaws() {}

    private static BoundedMapBackend good() {
        return new BoundedMapBackend(CAPACITY, 0);
    }

    private static BoundedMapBackend account(ModifiedBackend backend) {
        return (BoundedMapBackend) backend.good;
    }

    private static void lookForRoom(ModifiedBackend backend, String namespace, String key) {
        Map<String, Long> present = backend.good.getAll(namespace);
        if (present.size() >= CAPACITY && !present.containsKey(key)) {
            throw new CapacityExceededException(namespace, key, CAPACITY);
        }
        Flaw.pause();
    }
}
