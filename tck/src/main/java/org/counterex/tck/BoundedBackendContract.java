package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CasResult;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.backend.CounterBackend;
import org.junit.Before;
import org.junit.Test;

/**
 * Contract of a bounded backend that is full. {@link #newBackend} creates one with a small {@link #capacity}: about ten
 * counters detect the most faults.
 */
public abstract class BoundedBackendContract extends BackendSuite {

    private static final String OTHER = "other";
    private static final String NEW = "new";

    /** Operation that creates a counter. */
    private interface Creation {
        void create(CounterBackend backend, String namespace, String key);
    }

    /** All such operations. */
    private static final List<Creation> CREATIONS = List.of(
            (backend, namespace, key) -> backend.inc(namespace, key, 1, 0),
            (backend, namespace, key) -> backend.add(namespace, key, 1),
            (backend, namespace, key) -> backend.set(namespace, key, 1),
            (backend, namespace, key) -> backend.reset(namespace, key, 1),
            (backend, namespace, key) -> backend.compareAndSwap(namespace, key, 0, 1));

    private long capacity;

    /** Fails if {@link #capacity} is not set, because the tests depend on it. */
    @Before
    public final void readCapacity() {
        capacity = capacity().orElse(0);
        assertTrue("capacity of 2 to 1,000 for these tests: " + capacity(), capacity >= 2 && capacity <= 1_000);
    }

    /** There is room for as many counters as the capacity, whichever operations create them. */
    @Test
    public void creation_upToTheCapacity_succeeds() {
        for (int i = 0; i < capacity; i++) {
            CREATIONS.get(i % CREATIONS.size()).create(backend, NAMESPACE, KEY + i);
        }
        assertEquals(counters(), backend.getAll(NAMESPACE));
        assertEquals(Map.of(NAMESPACE, capacity), backend.info().namespaces());
        assertEquals(capacity(), backend.info().capacity());
    }

    /** Every operation that would create a counter in a full namespace is rejected and creates nothing. */
    @Test
    public void creation_inAFullNamespace_isRefused() {
        fill(NAMESPACE);
        for (Creation creation : CREATIONS) {
            CapacityExceededException e =
                    assertThrows(CapacityExceededException.class, () -> creation.create(backend, NAMESPACE, NEW));
            assertEquals("namespace of the exception", NAMESPACE, e.namespace());
            assertEquals("key of the exception", NEW, e.key());
            assertEquals("capacity in the exception", capacity, e.capacity());
            assertTrue("absent", backend.get(NAMESPACE, NEW).isEmpty());
            assertEquals(counters(), backend.getAll(NAMESPACE));
            assertEquals(Map.of(NAMESPACE, capacity), backend.info().namespaces());
        }
    }

    /** The counters of a full namespace remain usable. */
    @Test
    public void counters_ofAFullNamespace_remainUsable() {
        fill(NAMESPACE);
        for (String key : counters().keySet()) {
            assertEquals(6, backend.inc(NAMESPACE, key, 5, 0));
            backend.add(NAMESPACE, key, 1);
            assertEquals(7, backend.get(NAMESPACE, key).orElse(0));
            assertEquals(0, backend.set(NAMESPACE, key, 0));
            assertEquals(30, backend.reset(NAMESPACE, key, 30));
            assertEquals(new CasResult(true, 0), backend.compareAndSwap(NAMESPACE, key, 30, 0));
            assertEquals(new CasResult(true, 1), backend.compareAndSwap(NAMESPACE, key, 0, 1));
        }
        assertEquals(counters(), backend.getAll(NAMESPACE));
    }

    /** A compare-and-swap that fails on an absent counter requires no room: it returns 0 in a full namespace too. */
    @Test
    public void compareAndSwap_thatFailsInAFullNamespace_isNotRefused() {
        fill(NAMESPACE);
        assertEquals(new CasResult(false, 0), backend.compareAndSwap(NAMESPACE, NEW, 5, 9));
        assertEquals(counters(), backend.getAll(NAMESPACE));
    }

    /** Repeated compare-and-swaps that fail on absent counters use no room. */
    @Test
    public void compareAndSwap_thatFailsOnAnAbsentCounter_takesNoRoom() {
        for (int i = 0; i <= capacity; i++) {
            backend.compareAndSwap(NAMESPACE, NEW + i, 5, 9);
        }
        assertExactly(capacity);
    }

    /** Repeated creations that are rejected for their range use no room. */
    @Test
    public void creation_outOfRange_takesNoRoom() {
        for (int i = 0; i <= capacity; i++) {
            String key = i % 2 == 0 ? KEY : NEW + i;
            assertThrows(CounterOverflowException.class, () -> backend.inc(NAMESPACE, key, 1, HIGHEST));
        }
        assertExactly(capacity);
    }

    /** A creation that is rejected for lack of room uses none of the room released later. */
    @Test
    public void creation_rejectedForLackOfRoom_takesNoRoom() {
        fill(NAMESPACE);
        for (int i = 0; i <= 2 * capacity; i++) {
            assertFull(NEW + i);
        }
        backend.delete(NAMESPACE, KEY + 0);
        assertExactly(1);
    }

    /** Deleting a counter releases room for one. */
    @Test
    public void delete_inAFullNamespace_releasesRoomForOne() {
        fill(NAMESPACE);
        backend.delete(NAMESPACE, KEY + 1);
        assertExactly(1);
    }

    /** Deleting an absent counter releases no room. */
    @Test
    public void delete_ofAnAbsentCounter_releasesNoRoom() {
        fill(NAMESPACE);
        backend.delete(NAMESPACE, NEW);
        backend.delete(OTHER, KEY + 0);
        assertFull(NEW);
    }

    /** Draining a namespace releases all its room. */
    @Test
    public void drain_ofAFullNamespace_releasesAllRoom() {
        for (int i = 0; i < 3; i++) {
            fill(NAMESPACE);
            assertEquals(counters(), backend.drain(NAMESPACE));
        }
        assertExactly(capacity);
    }

    /** Deleting a namespace releases all its room. */
    @Test
    public void deleteNamespace_ofAFullOne_releasesAllRoom() {
        for (int i = 0; i < 3; i++) {
            fill(NAMESPACE);
            backend.deleteNamespace(NAMESPACE);
        }
        assertExactly(capacity);
    }

    /** Room is reused thousands of times, by counters with new names. */
    @Test
    public void room_ofDeletedCounters_isReused() {
        fill(NAMESPACE);
        String last = KEY + 0;
        for (int i = 0; i < repetitions(); i++) {
            backend.delete(NAMESPACE, last);
            last = NEW + i;
            assertEquals(6, backend.inc(NAMESPACE, last, 1, 5));
        }
        backend.delete(NAMESPACE, last);
        assertExactly(1);
    }

    /** Room is reused thousands of times, by a counter that is deleted and created with the same name. */
    @Test
    public void room_ofAPassingCounter_isReused() {
        fill(NAMESPACE);
        for (int i = 0; i < repetitions(); i++) {
            backend.delete(NAMESPACE, KEY + 0);
            assertEquals(6, backend.inc(NAMESPACE, KEY + 0, 1, 5));
        }
        backend.delete(NAMESPACE, KEY + 0);
        assertExactly(1);
    }

    /** Each namespace has the whole capacity. */
    @Test
    public void capacity_ofEachNamespace_isItsOwn() {
        fill(NAMESPACE);
        fill(OTHER);
        assertFull(NEW);
        assertEquals(
                Map.of(NAMESPACE, capacity, OTHER, capacity), backend.info().namespaces());
        backend.deleteNamespace(OTHER);
        assertFull(NEW);
    }

    /** Random calls have the same results and effects as on the model, with more names than there is room for. */
    @Test
    public void calls_onMoreNamesThanRoom_equalTheModel() {
        assertLikeTheModel((int) capacity + 2);
    }

    /** Of concurrent creators of different counters as many succeed as there is room for. */
    @Test
    public void creation_ofRacingWriters_stopsAtTheCapacity() throws Exception {
        AtomicLong created = new AtomicLong();
        Race.run((race, number) -> {
            Random random = seed.random(number);
            for (int round = 0; round < repetitions() / 20; round++) {
                race.together();
                for (int i = 0; i < capacity; i++) {
                    created.addAndGet(isCreated(random, KEY + number + "-" + i) ? 1 : 0);
                }
                race.together();
                if (number == 0) {
                    assertEquals("created", capacity, created.getAndSet(0));
                    assertEquals("present", capacity, backend.drain(NAMESPACE).size());
                }
            }
        });
    }

    /** Concurrent creators of the same counter all succeed if there is room for one, and use no more. */
    @Test
    public void creation_ofRacingWritersOfOneCounter_takesOneRoom() throws Exception {
        fill(NAMESPACE);
        backend.delete(NAMESPACE, KEY + 0);
        Race.run((race, number) -> {
            for (int round = 0; round < repetitions() / 20; round++) {
                race.together();
                backend.inc(NAMESPACE, KEY, 1, 5);
                race.together();
                if (number == 0) {
                    assertValue(5 + Race.RACERS);
                    assertFull(NEW);
                    backend.delete(NAMESPACE, KEY);
                }
            }
        });
        assertExactly(1);
    }

    /** Concurrent writers that delete a counter for each one they create are never rejected. */
    @Test
    public void room_ofRacingCreatorsAndDeleters_isSufficient() throws Exception {
        int racers = (int) Math.min(Race.RACERS, capacity);
        int each = (int) (capacity / racers);
        Race.run(racers, (race, number) -> {
            Random random = seed.random(number);
            String[] mine = new String[each];
            race.laps(repetitions(), i -> {
                int slot = random.nextInt(each);
                if (mine[slot] == null) {
                    mine[slot] = KEY + number + "-" + (random.nextBoolean() ? slot : slot + "-" + i);
                    assertEquals(6, backend.inc(NAMESPACE, mine[slot], 1, 5));
                } else {
                    backend.delete(NAMESPACE, mine[slot]);
                    mine[slot] = null;
                }
            });
        });
        assertExactly(capacity - backend.getAll(NAMESPACE).size());
    }

    /** Returns the counters that {@link #fill} creates. */
    private Map<String, Long> counters() {
        Map<String, Long> counters = new HashMap<>();
        for (int i = 0; i < capacity; i++) {
            counters.put(KEY + i, 1L);
        }
        return counters;
    }

    private void fill(String namespace) {
        counters().forEach((key, value) -> backend.set(namespace, key, value));
    }

    private boolean isCreated(Random random, String key) {
        try {
            CREATIONS.get(random.nextInt(CREATIONS.size())).create(backend, NAMESPACE, key);
            return true;
        } catch (CapacityExceededException e) {
            return false;
        }
    }

    private void assertFull(String key) {
        assertThrows(CapacityExceededException.class, () -> backend.inc(NAMESPACE, key, 1, 0));
    }

    /** Asserts that there is room for exactly so many further counters. */
    private void assertExactly(long room) {
        for (long i = 0; i < room; i++) {
            backend.inc(NAMESPACE, "more-" + i, 1, 0);
        }
        assertFull("more-" + room);
        assertEquals(capacity, backend.getAll(NAMESPACE).size());
    }
}
