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
 * What a table of cells has to do for whoever owns it: find, hand over, keep account of its room. One thread calls here;
 * {@link ConcurrentCellTableContract} is about several. What the counters of a table do is left to the suites for backends.
 */
public abstract class CellTableContract {

    private static final String KEY = "key";

    /** Small and large, fast and wide, and below what an unsigned table gives. */
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

    /** Where random tests take their numbers from. */
    @Rule
    public final Seed seed = new Seed();

    private CellTable table;

    /** Makes an empty table. It has room for 100 counters or more. */
    protected abstract CellTable newTable();

    @Before
    public final void open() {
        table = newTable();
    }

    /** An absent counter is not found, and a call that finds none has done nothing. */
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

    /** A counter is found by name and by its cell, and is the same. */
    @Test
    public void lookUp_ofACounter_findsItByNameAndByCell() {
        assertEquals(5, create(KEY, 5));
        Cell cell = table.find(KEY);
        assertEquals("inc by name", 7, table.inc(KEY, 2));
        assertEquals("inc by cell", 10, cell.inc(3));
        assertTrue("add by name", Cell.isFastResult(table.add(KEY, 4)));
        assertTrue("add by cell", Cell.isFastResult(cell.add(5)));
        assertEquals("get by name", 19, table.get(KEY));
        assertEquals("get by cell", 19, cell.get());
        assertEquals("step by cell", 20, table.apply(KEY, new CellUpdate.Add(1, 0)));
        assertEquals(1, table.size());
    }

    /** Each of many counters is found, whatever the hash codes of their names, also after others have been removed. */
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

    /** Counters may be taken out and others created while their keys are shown: those that were there are shown all. */
    @Test
    public void forEachKey_whoseActionChangesTheTable_showsWhatIsThere() {
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

    /** A counter that is taken out is sealed, gives its final value, and can be created anew. */
    @Test
    public void remove_ofACounter_givesItsFinalValue() {
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

    /** A cell stays sealed, though counters of the same name and of others come after it: whoever kept it learns so. */
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

    /** A counter is handed over with any value, and the cell it comes from is sealed. */
    @Test
    public void insert_ofAnyValue_takesItOver() {
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

    /** A counter that was handed over goes on from its value. */
    @Test
    public void insert_ofAnyValue_goesOnFromThere() {
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

    /** A counter below the lowest value, handed over from elsewhere, may go up and not further down. */
    @Test
    public void insert_belowTheLowest_goesUpOnly() {
        assumeTrue("a table that does not hold every value", table.lowest() > -Long.MAX_VALUE);
        WideCell from = new WideCell(KEY);
        from.init(table.lowest() - 5);
        table.reserve(1);
        table.insert(KEY, from);
        assertThrows(CounterOverflowException.class, () -> table.apply(KEY, new CellUpdate.Add(-1, 0)));
        assertEquals(table.lowest() - 5, table.find(KEY).get());
        assertEquals(table.lowest() - 3, table.apply(KEY, new CellUpdate.Add(2, 0)));
    }

    /** From one table to another of the kind, a counter leaves no trace behind and goes on. */
    @Test
    public void insert_fromAnotherTable_takesTheCounterOver() {
        CellTable other = newTable();
        create(KEY, 5);
        Cell cell = table.find(KEY);
        assertEquals(Room.GRANTED, other.reserve(table.size()));
        assertEquals(5, other.insert(KEY, cell));
        assertSealed(cell);
        assertTrue("inc by name", Cell.isSealed(table.inc(KEY, 1)));
        table.removeMoved(KEY, cell);
        assertAbsent(KEY);
        assertEquals(0, table.size());
        assertEquals(6, other.inc(KEY, 1));
        assertEquals(1, other.size());
    }

    /** A sealed counter that found no other place is put back with its value and goes on. */
    @Test
    public void restore_ofASealedCounter_putsItBack() {
        create(KEY, 5);
        Cell cell = table.find(KEY);
        table.restore(KEY, cell, cell.seal());
        assertEquals(5, table.find(KEY).get());
        assertEquals(6, table.apply(KEY, new CellUpdate.Add(1, 0)));
        assertEquals(1, table.size());
        assertTrue("shown", keys().contains(KEY));
        assertEquals(OptionalLong.of(6), table.remove(KEY));
    }

    /** A counter that leaves what its cell holds goes on in another, one step at a time, up and down. */
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

    /** Room that is reserved is not for new counters; it is for those that are handed over, and what is left is given back. */
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

    /** More room than there is is not reserved in part. */
    @Test
    public void reserve_ofMoreThanThereIs_reservesNothing() {
        long room = boundedRoom();
        create(KEY, 1);
        assertEquals(Room.FULL, table.reserve(room));
        assertEquals(Room.FULL, table.reserve(Long.MAX_VALUE));
        assertEquals(Room.GRANTED, table.reserve(room - 1));
    }

    /** A table takes as many counters as its capacity says; each that leaves makes room, or the table says it is worn. */
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
        assertTrue("created, or worn", created == 1 || created == Cell.SEALED);
    }

    /** Over many rounds of creating and removing room is never missing: where a table is worn, its successor has it all. */
    @Test
    public void room_ofRemovedCounters_isUsedAgain() {
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

    /** 100 names, many of which have the same hash code. */
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
        assertTrue("shown: " + keys(), keys().containsAll(present)); // and perhaps others
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
