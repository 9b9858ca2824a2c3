package org.counterex.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.counterex.api.CasResult;
import org.counterex.api.CounterNames;
import org.counterex.api.backend.BackendInfo;
import org.junit.Test;

/** Contract of namespaces: they are independent, have counters of any name, and are read and emptied as a whole. */
public abstract class NamespaceContract extends BackendSuite {

    private static final String OTHER = "other";

    private static final int LONGEST = CounterNames.MAX_LENGTH;

    /** Names that a backend might fold, strip, quote, split, truncate or interpret. */
    private static final List<String> NAMES = Stream.of(
                    List.of(
                            "a", "A", "b", "i", "I", "\u0130", "\u0131", "ss", "\u00df", "\u00e9", "e\u0301", "Aa",
                            "BB"),
                    List.of(" ", "a ", " a", "\t", "\n", "\r\n", "\0", "a\0", "a\0b", "\u200b", "\u202e", "\ufeff"),
                    List.of("a/b", "a:b", "a.b", "a,b", "a=b", "a;b", "a|b", "a-b", "a_b", "..", "../a", "*", "?"),
                    List.of(
                            "\\",
                            "\"",
                            "'",
                            "%s",
                            "%61",
                            "${a}",
                            "$1",
                            "null",
                            "0",
                            "00",
                            "-1",
                            "default",
                            "__proto__"),
                    List.of("\u4e2d\u6587", "\ufffd", "\uffff", "\ud83d\ude00", "\ud83d\ude01", "\udbff\udfff"),
                    List.of("x".repeat(LONGEST - 1), "x".repeat(LONGEST), "x".repeat(LONGEST - 1) + "y"),
                    List.of("\u20ac".repeat(LONGEST), "\ud83d\ude00".repeat(LONGEST / 2)))
            .flatMap(List::stream)
            .toList();

    /** Different well-formed strings of 1 to 1,024 characters are different counters, and are returned unchanged. */
    @Test
    public void keys_ofAnyCharacters_areDifferentCounters() {
        Map<String, Long> expected = new HashMap<>();
        for (String key : NAMES) {
            long value = expected.size() + 1;
            expected.put(key, value);
            assertEquals(CounterNames.printable(key), value, backend.inc(NAMESPACE, key, value, 0));
        }
        expected.forEach((key, value) ->
                assertEquals(CounterNames.printable(key), OptionalLong.of(value), backend.get(NAMESPACE, key)));
        assertEquals(expected, backend.getAll(NAMESPACE));
    }

    /** Random names work in every operation, as key and as namespace, and are returned unchanged. */
    @Test
    public void names_ofAnyKind_workInEveryOperation() {
        Arbitrary arbitrary = new Arbitrary(seed.random(0));
        for (int i = seed.rounds(repetitions() / 10); i > 0; i--) {
            String namespace = arbitrary.name();
            String key = arbitrary.name();
            String where = CounterNames.printable(namespace) + " " + CounterNames.printable(key);
            assertEquals(where, 12, backend.inc(namespace, key, 2, 10));
            backend.add(namespace, key, 1);
            assertEquals(where, OptionalLong.of(13), backend.get(namespace, key));
            assertEquals(where, 5, backend.set(namespace, key, 5));
            assertEquals(where, 6, backend.reset(namespace, key, 6));
            assertEquals(where, new CasResult(true, 7), backend.compareAndSwap(namespace, key, 6, 7));
            assertEquals(where, new CasResult(false, 7), backend.compareAndSwap(namespace, key, 6, 8));
            assertEquals(where, Map.of(key, 7L), backend.getAll(namespace));
            assertEquals(where, Map.of(namespace, 1L), backend.info().namespaces());
            backend.delete(namespace, key);
            assertEquals(where, Map.of(), backend.getAll(namespace));
            backend.add(namespace, key, 3);
            assertEquals(where, Map.of(key, 3L), backend.drain(namespace));
            backend.add(namespace, key, 4);
            backend.deleteNamespace(namespace);
            assertEquals(where, Map.of(), backend.info().namespaces());
        }
    }

    /** Different well-formed strings of 1 to 1,024 characters are different namespaces. */
    @Test
    public void namespaces_ofAnyCharacters_areDifferent() {
        Map<String, Long> counts = new HashMap<>();
        for (String namespace : NAMES) {
            long value = counts.size() + 1;
            counts.put(namespace, 1L);
            assertEquals(CounterNames.printable(namespace), value, backend.inc(namespace, KEY, value, 0));
        }
        assertEquals(counts, backend.info().namespaces());
        long value = 1;
        for (String namespace : NAMES) {
            assertEquals(CounterNames.printable(namespace), Map.of(KEY, value++), backend.getAll(namespace));
        }
    }

    /** The boundary between namespace and key is unambiguous. */
    @Test
    public void namespaces_withAmbiguousBoundary_areDifferent() {
        for (String between : List.of("", ":", "::", "/", ".", ",", "|", "-", "_", " ", "\0", "\n")) {
            backend.set("a", "b" + between + "c", 1);
            backend.set("a" + between + "b", "c", 2);
            assertEquals(between, OptionalLong.of(1), backend.get("a", "b" + between + "c"));
            assertEquals(between, OptionalLong.of(2), backend.get("a" + between + "b", "c"));
        }
    }

    /** No operation on a counter affects a counter with the same key in another namespace. */
    @Test
    public void namespaces_withTheSameKey_areIndependent() {
        backend.set(OTHER, KEY, 70);
        backend.inc(NAMESPACE, KEY, 1, 0);
        backend.add(NAMESPACE, KEY, 1);
        backend.set(NAMESPACE, KEY, 3);
        backend.reset(NAMESPACE, KEY, 4);
        backend.compareAndSwap(NAMESPACE, KEY, 4, 5);
        assertEquals(Map.of(KEY, 5L), backend.getAll(NAMESPACE));
        backend.delete(NAMESPACE, KEY);
        assertEquals(Map.of(KEY, 70L), backend.getAll(OTHER));
    }

    /** Reading a namespace returns every counter with its value, also if there are many. */
    @Test
    public void getAll_ofManyCounters_returnsEachOnce() {
        Map<String, Long> expected = fill();
        assertEquals(expected, backend.getAll(NAMESPACE));
        assertEquals((long) expected.size(), (long) backend.info().namespaces().get(NAMESPACE));
    }

    /** Reading an unknown namespace returns an empty map and creates nothing. */
    @Test
    public void getAll_ofAnUnknownNamespace_isEmpty() {
        assertEquals(Map.of(), backend.getAll(OTHER));
        assertEquals(Map.of(), backend.info().namespaces());
    }

    /** The map returned is independent: the caller may modify it, and it does not follow the counters. */
    @Test
    public void getAll_result_isIndependent() {
        backend.set(NAMESPACE, KEY, 1);
        Map<String, Long> all = backend.getAll(NAMESPACE);
        backend.inc(NAMESPACE, KEY, 1, 0);
        backend.set(NAMESPACE, "new", 1);
        assertEquals("after further additions", Map.of(KEY, 1L), all);
        all.clear();
        all.put("own", 5L);
        assertEquals("counters", Map.of(KEY, 2L, "new", 1L), backend.getAll(NAMESPACE));
    }

    /** Draining removes every counter and returns the final values, also if there are many. */
    @Test
    public void drain_ofManyCounters_returnsEach() {
        Map<String, Long> expected = fill();
        assertEquals(expected, backend.drain(NAMESPACE));
        assertEmpty();
        assertEquals("drained again", Map.of(), backend.drain(NAMESPACE));
    }

    /** A drained counter is absent: the next addition creates a new one from its initial value. */
    @Test
    public void drain_ofACounter_endsIt() {
        backend.set(NAMESPACE, KEY, 5);
        backend.drain(NAMESPACE);
        assertEquals(OptionalLong.empty(), backend.get(NAMESPACE, KEY));
        assertEquals(101, backend.inc(NAMESPACE, KEY, 1, 100));
        assertEquals(Map.of(KEY, 101L), backend.drain(NAMESPACE));
    }

    /** A counter at 0 is drained like any other. */
    @Test
    public void drain_ofACounterAtZero_returnsIt() {
        backend.set(NAMESPACE, KEY, 0);
        assertEquals(Map.of(KEY, 0L), backend.drain(NAMESPACE));
    }

    /** The map returned is independent, and does not follow counters created later. */
    @Test
    public void drain_result_isIndependent() {
        backend.set(NAMESPACE, KEY, 1);
        Map<String, Long> taken = backend.drain(NAMESPACE);
        backend.set(NAMESPACE, KEY, 2);
        assertEquals("after further additions", Map.of(KEY, 1L), taken);
        taken.clear();
        taken.put("own", 5L);
        assertEquals("counters", Map.of(KEY, 2L), backend.getAll(NAMESPACE));
    }

    /** Draining an unknown namespace returns an empty map that the caller may modify. */
    @Test
    public void drain_ofAnUnknownNamespace_isEmpty() {
        Map<String, Long> taken = backend.drain(OTHER);
        assertEquals(Map.of(), taken);
        taken.put("own", 5L);
        assertEquals(Map.of(), backend.drain(OTHER));
        assertEquals(Map.of(), backend.info().namespaces());
    }

    /** Draining a namespace does not affect others. */
    @Test
    public void drain_ofOneNamespace_leavesTheOthers() {
        backend.set(NAMESPACE, KEY, 1);
        backend.set(OTHER, KEY, 2);
        backend.drain(NAMESPACE);
        assertEquals(Map.of(KEY, 2L), backend.getAll(OTHER));
    }

    /** Deleting a namespace removes every counter in it and does not affect others. */
    @Test
    public void deleteNamespace_ofManyCounters_removesEach() {
        backend.set(OTHER, KEY, 2);
        fill();
        backend.deleteNamespace(NAMESPACE);
        assertEquals(Map.of(KEY, 2L), backend.getAll(OTHER));
        backend.deleteNamespace(OTHER);
        assertEmpty();
    }

    /** After the deletion of a namespace, counters begin from their initial values. */
    @Test
    public void deleteNamespace_ofACounter_endsIt() {
        backend.set(NAMESPACE, KEY, 5);
        backend.deleteNamespace(NAMESPACE);
        assertEquals(OptionalLong.empty(), backend.get(NAMESPACE, KEY));
        assertEquals(101, backend.inc(NAMESPACE, KEY, 1, 100));
    }

    /** Deleting an unknown namespace succeeds and creates nothing. */
    @Test
    public void deleteNamespace_ofAnUnknownNamespace_succeeds() {
        backend.deleteNamespace(OTHER);
        backend.deleteNamespace(OTHER);
        assertEmpty();
    }

    /** The description contains type, name and capacity, with or without counters. */
    @Test
    public void info_ofAnyBackend_isComplete() {
        assertIdentity(backend.info());
        backend.set(NAMESPACE, KEY, 1);
        assertIdentity(backend.info());
    }

    /** The description contains the number of counters of each namespace that has any. */
    @Test
    public void info_ofNamespaces_countsTheirCounters() {
        backend.set(NAMESPACE, "one", 1);
        backend.set(NAMESPACE, "two", 0);
        backend.inc(OTHER, "three", 0, 0);
        assertEquals(Map.of(NAMESPACE, 2L, OTHER, 1L), backend.info().namespaces());
        backend.inc(NAMESPACE, "one", 1, 0);
        backend.delete(NAMESPACE, "two");
        backend.delete(NAMESPACE, "absent");
        assertEquals(Map.of(NAMESPACE, 1L, OTHER, 1L), backend.info().namespaces());
        backend.delete(NAMESPACE, "one");
        backend.drain(OTHER);
        assertEquals(Map.of(), backend.info().namespaces());
    }

    private Map<String, Long> fill() {
        Map<String, Long> expected = new HashMap<>();
        for (long i = 0; i < manyCounters(); i++) {
            expected.put("key-" + i, backend.inc(NAMESPACE, "key-" + i, i, 0));
        }
        return expected;
    }

    private void assertEmpty() {
        assertEquals("counters", Map.of(), backend.getAll(NAMESPACE));
        assertEquals("counters in each namespace", Map.of(), backend.info().namespaces());
    }

    private void assertIdentity(BackendInfo info) {
        assertFalse("type", info.type().isBlank());
        assertFalse("name", info.name().isBlank());
        assertEquals("capacity", capacity(), info.capacity());
    }
}
