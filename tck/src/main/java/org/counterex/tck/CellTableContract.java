package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.CounterOverflowException;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.CellTable.Room;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.api.backend.table.WideCell;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * Contract of a table of cells towards its owner, for one thread: look-up, transfer and room. {@link
 * ConcurrentCellTableContract} is about several threads; the operations on the counters are the subject of the suites
 * for backends.
 */
public abstract class CellTableContract {

    private static final String KEY = "key";

    /** Small and large values, of fast and wide cells, and below the lowest of an unsigned table. */
    private static final long[] VALUES = {
        0,
        1,
        -1,
        1L << 31,
        -1L << 31,
        1L << 55,
        1L << 60,
        -1L << 60,
        1L << 61,
        -1L << 61,
        1L << 62,
        -1L << 62,
        -3L << 61,
        Long.MAX_VALUE,
        -Long.MAX_VALUE
    };

    /** Source of the random numbers. */
    @Rule
    public final Seed seed = new Seed();

    private CellTable table;

    /** Creates an empty table with room for 100 counters or more. */
    protected abstract CellTable newTable();

    @Before
    public final void open() {
        table = newTable();
    }

    /** An absent counter is not found, and the call has no effect. */
    @Test
    public void lookUp_ofAnAbsentKey_findsNothing() {
        assertAbsent(KEY);
        assertTrue("inc", Cell.isSealed(table.inc(KEY, 1)));
        assertTrue("add", Cell.isSealed(table.add(KEY, 1)));
        assertFalse("get", Cell.isFastResult(table.get(KEY)));
        assertEquals("remove", OptionalLong.empty(), table.remove(KEY));
        assertAbsent(KEY);
        assertEquals("counters", 0, table.size());
    }

    /** A counter is the same by key and by its cell. */
    @Test
    public void lookUp_ofACounter_findsItByKeyAndCell() {
        assertEquals(5, create(KEY, 5));
        Cell cell = table.find(KEY);
        assertEquals("inc by key", 7, table.inc(KEY, 2));
        assertEquals("inc by cell", 10, cell.inc(3));
        assertTrue("add by key", Cell.isFastResult(table.add(KEY, 4)));
        assertTrue("add by cell", Cell.isFastResult(cell.add(5)));
        assertEquals("get by key", 19, table.get(KEY));
        assertEquals("get by cell", 19, cell.get());
        assertEquals("step by cell", 20, table.apply(KEY, new CellUpdate.Add(1, 0)));
        assertEquals(1, table.size());
    }

    /** Each of many counters is found, with any hash codes, also after others were removed. */
    @Test
    public void lookUp_ofManyKeys_findsEach() {
        List<String> keys = manyKeys();
        Set<String> present = new HashSet<>();
        for (int i = 0; i < keys.size(); i++) {
            assertEquals(i, create(keys.get(i), i));
            present.add(keys.get(i));
        }
        assertHolds(present, keys);
        Random random = seed.random(0);
        for (String key : keys) {
            if (random.nextBoolean()) {
                assertEquals(OptionalLong.of(keys.indexOf(key)), table.remove(key));
                present.remove(key);
            }
        }
        assertHolds(present, keys);
    }

    /** The action may remove and create counters: all keys present at the beginning are passed. */
    @Test
    public void forEachKey_whoseActionChangesTheTable_passesEachKey() {
        Set<String> present = new HashSet<>(manyKeys().subList(0, 40));
        present.forEach(key -> create(key, 1));
        Set<String> seen = new HashSet<>();
        table.forEachKey(key -> {
            if (present.contains(key) && seen.add(key)) {
                assertEquals(OptionalLong.of(1), table.remove(key));
                create("new" + key, 1);
            }
        });
        assertEquals(present, seen);
        assertEquals(40, table.size());
    }

    /** Removal seals the cell and returns the final value; the counter can be created anew. */
    @Test
    public void remove_ofACounter_returnsItsFinalValue() {
        create(KEY, 5);
        Cell cell = table.find(KEY);
        cell.inc(2);
        assertEquals(OptionalLong.of(7), table.remove(KEY));
        assertSealed(cell);
        assertAbsent(KEY);
        assertEquals(0, table.size());
        assertEquals(OptionalLong.empty(), table.remove(KEY));
        assertEquals(0, table.size());
        assertEquals(3, create(KEY, 3));
        assertEquals(3, table.find(KEY).get());
    }

    /** A sealed cell stays sealed while counters of the same and of other keys are created. */
    @Test
    public void cell_ofARemovedCounter_staysSealed() {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String key = i % 2 == 0 ? KEY : KEY + i;
            create(key, 5);
            cells.forEach(this::assertSealed);
            assertEquals(5, table.find(key).get());
            cells.add(table.find(key));
            table.remove(key);
        }
    }

    /** A counter with any value is transferred, and its former cell is sealed. */
    @Test
    public void insert_ofAnyValue_transfersIt() {
        for (long value : VALUES) {
            WideCell from = new WideCell(KEY);
            from.init(value);
            assertEquals(Room.GRANTED, table.reserve(1));
            assertEquals(value, table.insert(KEY, from));
            assertSealed(from);
            assertEquals(value, table.find(KEY).get());
            assertEquals(1, table.size());
            if (Cell.isFastResult(value)) {
                assertEquals(value, table.get(KEY));
            } else {
                assertFalse("ordinary: " + table.get(KEY), Cell.isFastResult(table.get(KEY)));
            }
            assertEquals(OptionalLong.of(value), table.remove(KEY));
        }
    }

    /** A transferred counter continues from its value. */
    @Test
    public void insert_ofAnyValue_continuesFromIt() {
        for (long value : VALUES) {
            TableOwner owner = new TableOwner(this::newTable);
            WideCell from = new WideCell(KEY);
            from.init(value);
            owner.current().reserve(1);
            owner.current().insert(KEY, from);
            assertEquals(OptionalLong.of(value), owner.get(KEY));
            if (value < Long.MAX_VALUE) {
                assertEquals(value + 1, owner.inc(KEY, 1));
            }
        }
    }

    /** A transferred counter below the lowest value may increase and not decrease. */
    @Test
    public void insert_belowTheLowest_increasesOnly() {
        assumeTrue("a table that does not hold every value", table.lowest() > -Long.MAX_VALUE);
        WideCell from = new WideCell(KEY);
        from.init(table.lowest() - 5);
        table.reserve(1);
        table.insert(KEY, from);
        assertThrows(CounterOverflowException.class, () -> table.apply(KEY, new CellUpdate.Add(-1, 0)));
        assertEquals(table.lowest() - 5, table.find(KEY).get());
        assertEquals(table.lowest() - 3, table.apply(KEY, new CellUpdate.Add(2, 0)));
    }

    /** A counter is transferred between tables of the same kind without remainder. */
    @Test
    public void insert_fromAnotherTable_transfersTheCounter() {
        CellTable other = newTable();
        create(KEY, 5);
        Cell cell = table.find(KEY);
        assertEquals(Room.GRANTED, other.reserve(table.size()));
        assertEquals(5, other.insert(KEY, cell));
        assertSealed(cell);
        assertTrue("inc by key", Cell.isSealed(table.inc(KEY, 1)));
        table.removeMoved(KEY, cell);
        assertAbsent(KEY);
        assertEquals(0, table.size());
        assertEquals(6, other.inc(KEY, 1));
        assertEquals(1, other.size());
    }

    /** A sealed counter that could not be inserted elsewhere is restored with its value. */
    @Test
    public void restore_ofASealedCounter_insertsIt() {
        create(KEY, 5);
        Cell cell = table.find(KEY);
        table.restore(KEY, cell, cell.seal());
        assertEquals(5, table.find(KEY).get());
        assertEquals(6, table.apply(KEY, new CellUpdate.Add(1, 0)));
        assertEquals(1, table.size());
        assertTrue("passed", keys().contains(KEY));
        assertEquals(OptionalLong.of(6), table.remove(KEY));
    }

    /** A counter that exceeds the limit of its cell continues in another one, step by step, up and down. */
    @Test
    public void step_beyondWhatACellHolds_isExact() {
        for (long edge : new long[] {1L << 55, 1L << 60, 1L << 61, 1L << 62}) {
            TableOwner owner = new TableOwner(this::newTable);
            owner.apply(KEY, new CellUpdate.Put(5, false));
            owner.apply(KEY, new CellUpdate.Add(edge - 10, 0));
            for (long value = edge - 4; value < edge + 5; value++) {
                assertEquals(value, owner.inc(KEY, 1));
                assertEquals(OptionalLong.of(value), owner.get(KEY));
            }
            for (long value = edge + 3; value > edge - 5; value--) {
                assertEquals(value, owner.inc(KEY, -1));
            }
            assertEquals(1, owner.current().size());
        }
    }

    /** Reserved room is for transferred counters only and not for new ones; the rest can be released. */
    @Test
    public void reserve_ofAllRoom_leavesNoneToNewCounters() {
        long room = boundedRoom();
        assertEquals(Room.GRANTED, table.reserve(room));
        assertEquals(Room.FULL, table.reserve(1));
        assertThrows(CapacityExceededException.class, () -> create(KEY, 1));
        for (int i = 0; i < 10; i++) {
            table.insert(KEY + i, new WideCell(KEY + i));
        }
        assertEquals(10, table.size());
        assertThrows(CapacityExceededException.class, () -> create(KEY, 1));
        table.release(room - 10);
        assertEquals(Room.GRANTED, table.reserve(room - 10));
        assertEquals(Room.FULL, table.reserve(1));
    }

    /** A request for too much room reserves nothing. */
    @Test
    public void reserve_ofMoreThanThereIs_reservesNothing() {
        long room = boundedRoom();
        create(KEY, 1);
        assertEquals(Room.FULL, table.reserve(room));
        assertEquals(Room.FULL, table.reserve(Long.MAX_VALUE));
        assertEquals(Room.GRANTED, table.reserve(room - 1));
    }

    /** A table holds as many counters as its capacity; each removal releases room, or the table is exhausted. */
    @Test
    public void creation_upToTheCapacity_succeeds() {
        long room = boundedRoom();
        for (int i = 0; i < room; i++) {
            assertEquals(i, create(KEY + i, i));
        }
        assertThrows(CapacityExceededException.class, () -> create(KEY, 1));
        assertEquals(room, table.size());
        table.remove(KEY + 1);
        long created = create(KEY, 1);
        assertTrue("created, or exhausted", created == 1 || created == Cell.SEALED);
    }

    /** Room is reused over many creations and removals: the successor of an exhausted table has all of it. */
    @Test
    public void room_ofRemovedCounters_isReused() {
        TableOwner owner = new TableOwner(this::newTable);
        int full = (int) Math.min(1_000, table.capacity());
        for (int i = 0; i < 10_000; i++) {
            if (i >= full) {
                assertEquals(OptionalLong.of(i - full), owner.remove(KEY + (i - full)));
            }
            assertEquals(i, owner.apply(KEY + i, new CellUpdate.Put(i, false)));
            assertEquals(Math.min(i + 1, full), owner.current().size());
        }
    }

    private long create(String key, long value) {
        return table.apply(key, new CellUpdate.Put(value, false));
    }

    private long boundedRoom() {
        assumeTrue("a bounded table", table.capacity() <= 100_000);
        return table.capacity();
    }

    /** Returns 100 keys, many of them with the same hash code. */
    private static List<String> manyKeys() {
        List<String> keys = new ArrayList<>(List.of(""));
        for (int i = 0; i < 6; i++) {
            keys = keys.stream()
                    .flatMap(key -> List.of(key + "Aa", key + "BB").stream())
                    .toList();
        }
        keys = new ArrayList<>(keys);
        IntStream.range(keys.size(), 100).mapToObj(i -> KEY + i).forEach(keys::add);
        return keys;
    }

    private void assertHolds(Set<String> present, List<String> all) {
        for (int i = 0; i < all.size(); i++) {
            String key = all.get(i);
            if (present.contains(key)) {
                assertEquals(key, i, table.find(key).get());
                assertEquals(key, i, table.get(key));
            } else {
                assertAbsent(key);
            }
        }
        assertTrue("passed: " + keys(), keys().containsAll(present)); // possibly also others
        assertEquals(present.size(), table.size());
    }

    private void assertAbsent(String key) {
        Cell cell = table.find(key);
        assertTrue("absent", cell == null || cell.get() == Cell.SEALED);
    }

    private void assertSealed(Cell cell) {
        assertEquals("get", Cell.SEALED, cell.get());
        assertTrue("inc", Cell.isSealed(cell.inc(1)));
        assertTrue("add", Cell.isSealed(cell.add(1)));
        assertEquals("seal", Cell.SEALED, cell.seal());
    }

    private Set<String> keys() {
        Set<String> keys = new HashSet<>();
        table.forEachKey(keys::add);
        return keys;
    }
}
