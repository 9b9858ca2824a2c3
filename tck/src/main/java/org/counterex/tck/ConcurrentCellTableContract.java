package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.counterex.api.CapacityExceededException;
import org.counterex.api.backend.table.Cell;
import org.counterex.api.backend.table.CellTable;
import org.counterex.api.backend.table.CellTable.Room;
import org.counterex.api.backend.table.CellUpdate;
import org.counterex.api.backend.table.WideCell;
import org.junit.Rule;
import org.junit.Test;

/**
 * Contract of a table of cells during concurrent operations and a transfer of its counters to another table: each
 * addition is counted once, in the one or the other.
 */
public abstract class ConcurrentCellTableContract {

    private static final String KEY = "key";
    private static final int KEYS = 20;

    /** A value beyond the limits of fast cells. */
    private static final long FAR = -Long.MAX_VALUE + 7;

    /** In each thread, one of so many laps is a move. */
    private static final int MOVE_LAPS = 100;

    /** Source of the random numbers. */
    @Rule
    public final Seed seed = new Seed();

    /** Creates an empty table with room for 100 counters or more. */
    protected abstract CellTable newTable();

    /** Returns whether results of additions are exact during concurrent ones; true by default. */
    protected boolean returnsExactValues() {
        return true;
    }

    /** Returns the number of repetitions in each thread of a test: 5,000 by default. */
    protected int repetitions() {
        return 5_000;
    }

    /** Additions by key and by retained cells are counted once each while their counters are transferred. */
    @Test
    public void inc_whileCountersAreTransferred_countsEachAddition() throws Exception {
        TableOwner owner = new TableOwner(this::newTable);
        AtomicLongArray added = new AtomicLongArray(KEYS);
        for (int key = 0; key < KEYS; key++) {
            owner.apply(KEY + key, new CellUpdate.Put(0, false));
        }
        Race.run((race, number) -> {
            Random random = seed.random(number);
            Cell[] retained = new Cell[KEYS];
            race.laps(repetitions(), lap -> {
                if (random.nextInt(MOVE_LAPS) == 0) {
                    owner.move();
                } else {
                    int key = random.nextInt(KEYS);
                    int step = random.nextInt(1_000);
                    if (random.nextInt(10) == 0) {
                        owner.add(KEY + key, step);
                    } else {
                        incByCell(owner, random, retained, key, step);
                    }
                    added.addAndGet(key, step);
                }
            });
        });
        for (int key = 0; key < KEYS; key++) {
            assertEquals("counter " + key, added.get(key), owner.get(KEY + key).getAsLong());
        }
        assertEquals("counters", KEYS, owner.current().size());
    }

    /** N additions to a counter return 1 to N while it is transferred. */
    @Test
    public void inc_whileItsCounterIsTransferred_returnsOneToN() throws Exception {
        assumeTrue("a table whose values are exact", returnsExactValues());
        TableOwner owner = new TableOwner(this::newTable);
        long[][] returned = new long[Race.RACERS][repetitions()];
        Race.run((race, number) -> {
            Random random = seed.random(number);
            Cell[] retained = new Cell[1];
            race.laps(repetitions(), lap -> {
                if (random.nextInt(MOVE_LAPS) == 0) {
                    owner.move();
                } else {
                    returned[number][lap] =
                            random.nextInt(10) == 0 ? owner.inc(KEY + 0, 1) : incByCell(owner, random, retained, 0, 1);
                }
            });
        });
        Lifecycles.assertOneToN(
                Arrays.stream(returned).flatMapToLong(Arrays::stream).filter(value -> value != 0)); // 0: a move
    }

    /** A counter that is set to distant values during its transfer continues with its final value. */
    @Test
    public void insert_ofAChangingCounter_hasTheFinalValue() throws Exception {
        CellTable scale = newTable();
        assumeTrue("a table of counters that go below 0", scale.lowest() < 0);
        AtomicReference<WideCell> due = new AtomicReference<>(new WideCell(KEY));
        Race.run((race, number) -> race.laps(repetitions(), lap -> {
            WideCell cell = due.get();
            if (number > 0) {
                scale.apply(KEY, cell, new CellUpdate.Put(lap % 2 == 0 ? FAR : number, false));
            } else {
                CellTable table = newTable();
                table.reserve(1);
                long value = table.insert(KEY, cell);
                assertEquals("value transferred", value, table.find(KEY).get());
                due.set(new WideCell(KEY));
            }
        }));
    }

    /** The values removed and the rest are the sum of all additions while the counters are transferred. */
    @Test
    public void remove_whileCountersAreTransferred_takesEachAdditionOnce() throws Exception {
        TableOwner owner = new TableOwner(this::newTable);
        AtomicLongArray added = new AtomicLongArray(KEYS);
        AtomicLongArray taken = new AtomicLongArray(KEYS);
        Race.run((race, number) -> {
            Random random = seed.random(number);
            Cell[] retained = new Cell[KEYS];
            race.laps(repetitions(), lap -> {
                int key = random.nextInt(KEYS);
                int step = random.nextInt(1_000);
                if (random.nextInt(MOVE_LAPS) == 0) {
                    owner.move();
                } else if (number == 0) {
                    taken.addAndGet(key, owner.remove(KEY + key).orElse(0));
                } else {
                    incByCell(owner, random, retained, key, step);
                    added.addAndGet(key, step);
                }
            });
        });
        long size = owner.current().size();
        for (int key = 0; key < KEYS; key++) {
            OptionalLong rest = owner.remove(KEY + key);
            taken.addAndGet(key, rest.orElse(0));
            size -= rest.isPresent() ? 1 : 0;
        }
        assertEquals(added.toString(), taken.toString());
        assertEquals("counters", 0, size);
    }

    /** Additions are counted once each while another thread exceeds the limit of the cell. */
    @Test
    public void inc_withStepsBeyondACell_countsEachAddition() throws Exception {
        int additions = 50;
        for (int round = 0; round < rounds(); round++) {
            TableOwner owner = new TableOwner(this::newTable);
            owner.apply(KEY + 0, new CellUpdate.Put(5, false)); // the five laps with a larger step
            Race.run((race, number) -> {
                Random random = seed.random(number);
                Cell[] retained = new Cell[1];
                race.laps(additions, lap -> {
                    if (number == 0 && lap % 10 == 0) {
                        owner.apply(KEY + 0, new CellUpdate.Add(1L << 60, 0));
                    } else {
                        incByCell(owner, random, retained, 0, 1);
                    }
                });
            });
            assertEquals(OptionalLong.of(5 * (1L << 60) + Race.RACERS * additions), owner.get(KEY + 0));
        }
    }

    /** Counters of different keys are created and removed concurrently without interference. */
    @Test
    public void creation_ofRacingWriters_keepsEach() throws Exception {
        AtomicReference<CellTable> table = new AtomicReference<>();
        Race.run((race, number) -> {
            for (int round = 0; round < rounds(); round++) {
                if (number == 0) {
                    table.set(newTable());
                }
                race.together();
                for (int i = 0; i < KEYS; i++) {
                    String key = KEY + number + "-" + i;
                    assertEquals(i, table.get().apply(key, new CellUpdate.Put(i, false)));
                    if (i % 2 == 0) {
                        assertEquals(OptionalLong.of(i), table.get().remove(key));
                    }
                }
                race.together();
                for (int i = 1; i < KEYS; i += 2) {
                    assertEquals(i + 1, table.get().inc(KEY + number + "-" + i, 1));
                }
                assertEquals(Race.RACERS * KEYS / 2, table.get().size());
                race.together();
            }
        });
    }

    /** Every key that is present throughout is passed while others are created and removed. */
    @Test
    public void forEachKey_whileOthersChange_passesWhatIsPresent() throws Exception {
        AtomicReference<CellTable> table = new AtomicReference<>();
        AtomicInteger busy = new AtomicInteger();
        Set<String> present = IntStream.range(0, KEYS).mapToObj(i -> KEY + i).collect(Collectors.toSet());
        Race.run((race, number) -> {
            for (int round = 0; round < rounds(); round++) {
                if (number == 0) {
                    CellTable fresh = newTable();
                    present.forEach(key -> fresh.apply(key, new CellUpdate.Put(1, false)));
                    table.set(fresh);
                    busy.set(Race.RACERS - 1);
                }
                race.together();
                if (number > 0) {
                    for (int i = 0; i < KEYS; i++) {
                        String key = i + "passing" + number;
                        table.get().apply(key, new CellUpdate.Put(1, false));
                        Thread.yield();
                        table.get().remove(key);
                    }
                    busy.decrementAndGet();
                } else {
                    do {
                        Set<String> seen = new HashSet<>();
                        table.get().forEachKey(key -> {
                            seen.add(key);
                            Thread.yield();
                        });
                        assertTrue("seen: " + seen, seen.containsAll(present));
                    } while (busy.get() > 0 && !race.isLost());
                }
                race.together();
            }
        });
    }

    /** Concurrent creations and reservations together obtain exactly the room available. */
    @Test
    public void reserve_withRacingCreators_grantsTheRoom() throws Exception {
        long room = newTable().capacity();
        assumeTrue("a bounded table", room <= 100_000);
        CellTable table = newTable();
        AtomicLong granted = new AtomicLong();
        Race.run((race, number) -> race.laps((int) room, lap -> {
            try {
                boolean mine = number % 2 == 0
                        ? table.reserve(1) == Room.GRANTED
                        : table.apply(KEY + number + "-" + lap, new CellUpdate.Put(1, false)) == 1;
                granted.addAndGet(mine ? 1 : 0);
            } catch (CapacityExceededException e) {
                // rejected, so not granted
            }
        }));
        assertEquals(room, granted.get());
        assertEquals(Room.FULL, table.reserve(1));
    }

    /** Adds to the cell of a counter that this thread has retained, which may have been sealed long ago. */
    private static long incByCell(TableOwner owner, Random random, Cell[] retained, int key, int step) {
        if (retained[key] == null || retained[key].get() == Cell.SEALED && random.nextBoolean()) {
            retained[key] = owner.find(KEY + key);
        }
        return retained[key] == null ? owner.inc(KEY + key, step) : owner.inc(retained[key], KEY + key, step);
    }

    private int rounds() {
        return repetitions() / 100;
    }
}
