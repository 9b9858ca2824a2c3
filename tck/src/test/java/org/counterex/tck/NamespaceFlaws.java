package org.counterex.tck;

import java.text.Normalizer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.counterex.api.backend.BackendInfo;

/** Faults in names, namespaces, and operations on a whole namespace. */
final class NamespaceFlaws {

    private static final String KEYS = "keys_ofAnyCharacters_areDifferentCounters";
    private static final String NAMESPACES = "namespaces_ofAnyCharacters_areDifferent";

    private static final String NAMES = "names_ofAnyKind_workInEveryOperation";

    static final List<Flaw> ALL = List.of(
            Flaw.of("keys ignore case", keys(key -> key.toLowerCase(Locale.ROOT)), KEYS),
            Flaw.of("keys are stripped", keys(String::strip), KEYS),
            Flaw.of("keys are normalised", keys(key -> Normalizer.normalize(key, Normalizer.Form.NFC)), KEYS),
            Flaw.of("keys are truncated", keys(key -> key.substring(0, Math.min(1_023, key.length()))), KEYS),
            Flaw.of("keys end at NUL", keys(key -> key.replaceFirst("(?s)(?<=.)\0.*", "")), KEYS),
            Flaw.of("keys are in the basic plane", keys(key -> key.replaceAll("[^\0-\uffff]", "?")), KEYS),
            Flaw.of(
                    "numeric keys are normalized",
                    b -> b.getAll = namespace -> {
                        Map<String, Long> all = new HashMap<>();
                        b.good.getAll(namespace)
                                .forEach((key, value) -> all.put(key.replaceFirst("^0+(?=.)", ""), value));
                        return all;
                    },
                    NAMES),
            Flaw.of("namespaces ignore case", namespaces(name -> name.toLowerCase(Locale.ROOT)), NAMESPACES),
            Flaw.of(
                    "namespaces are prefixes",
                    b -> {
                        b.set = (namespace, key, value) -> b.good.set("all", namespace + ":" + key, value);
                        b.get = (namespace, key) -> b.good.get("all", namespace + ":" + key);
                    },
                    "namespaces_withAmbiguousBoundary_areDifferent"),
            Flaw.of("there is one namespace", namespaces(name -> "all"), "namespaces_withTheSameKey_areIndependent"),
            Flaw.of(
                    "getAll returns one page",
                    b -> b.getAll = namespace -> page(b.good.getAll(namespace)),
                    "getAll_ofManyCounters_returnsEachOnce"),
            Flaw.of(
                    "getAll requires the namespace",
                    b -> b.getAll = namespace -> {
                        Map<String, Long> all = b.good.getAll(namespace);
                        if (all.isEmpty()) {
                            throw new NoSuchElementException(namespace);
                        }
                        return all;
                    },
                    "getAll_ofAnUnknownNamespace_isEmpty"),
            Flaw.of(
                    "getAll returns an unmodifiable map",
                    b -> b.getAll = namespace -> Collections.unmodifiableMap(b.good.getAll(namespace)),
                    "getAll_result_isIndependent"),
            Flaw.of(
                    "drain returns one page",
                    b -> b.drain = namespace -> {
                        Map<String, Long> taken = page(b.good.getAll(namespace));
                        taken.keySet().forEach(key -> b.good.delete(namespace, key));
                        return taken;
                    },
                    "drain_ofManyCounters_returnsEach"),
            Flaw.of(
                    "drain sets to zero",
                    b -> b.drain = namespace -> {
                        Map<String, Long> taken = b.good.getAll(namespace);
                        taken.keySet().forEach(key -> b.good.set(namespace, key, 0));
                        return taken;
                    },
                    "drain_ofACounter_endsIt"),
            Flaw.of(
                    "drain omits counters at 0",
                    b -> b.drain = namespace -> {
                        Map<String, Long> taken = b.good.drain(namespace);
                        taken.values().removeIf(value -> value == 0);
                        return taken;
                    },
                    "drain_ofACounterAtZero_returnsIt"),
            Flaw.of(
                    "drain returns an unmodifiable map",
                    b -> b.drain = namespace -> Map.copyOf(b.good.drain(namespace)),
                    "drain_result_isIndependent",
                    "drain_ofAnUnknownNamespace_isEmpty"),
            Flaw.of(
                    "drain affects all namespaces",
                    b -> b.drain = namespace -> {
                        Map<String, Long> taken = b.good.getAll(namespace);
                        b.good.info().namespaces().keySet().forEach(b.good::deleteNamespace);
                        return taken;
                    },
                    "drain_ofOneNamespace_leavesTheOthers"),
            Flaw.of(
                    "deleteNamespace removes one page",
                    b -> b.deleteNamespace = namespace ->
                            page(b.good.getAll(namespace)).keySet().forEach(key -> b.good.delete(namespace, key)),
                    "deleteNamespace_ofManyCounters_removesEach"),
            Flaw.of(
                    "deleteNamespace sets to zero",
                    b -> b.deleteNamespace = namespace ->
                            b.good.getAll(namespace).keySet().forEach(key -> b.good.set(namespace, key, 0)),
                    "deleteNamespace_ofACounter_endsIt"),
            Flaw.of(
                    "deleteNamespace requires the namespace",
                    b -> b.deleteNamespace = namespace -> {
                        if (!b.good.info().namespaces().containsKey(namespace)) {
                            throw new NoSuchElementException(namespace);
                        }
                        b.good.deleteNamespace(namespace);
                    },
                    "deleteNamespace_ofAnUnknownNamespace_succeeds"),
            Flaw.of(
                    "info has another capacity",
                    b -> b.info =
                            () -> BackendInfo.of("map", "map", b.good.info().namespaces())
                                    .withCapacity(5),
                    "info_ofAnyBackend_isComplete"),
            Flaw.of(
                    "info has empty namespaces",
                    b -> b.info = () -> {
                        Map<String, Long> sizes = new HashMap<>(b.good.info().namespaces());
                        sizes.putIfAbsent(BackendSuite.NAMESPACE, 0L);
                        return BackendInfo.of("map", "map", sizes);
                    },
                    "info_ofNamespaces_countsTheirCounters"));

    private NamespaceFlaws() {}

    private static Map<String, Long> page(Map<String, Long> all) {
        TreeMap<String, Long> page = new TreeMap<>(all);
        while (page.size() > 1_000) {
            page.remove(page.lastEntry().getKey());
        }
        return page;
    }

    private static Consumer<ModifiedBackend> keys(UnaryOperator<String> form) {
        return b -> {
            b.inc = (namespace, key, step, initial) -> b.good.inc(namespace, form.apply(key), step, initial);
            b.get = (namespace, key) -> b.good.get(namespace, form.apply(key));
        };
    }

    private static Consumer<ModifiedBackend> namespaces(UnaryOperator<String> form) {
        return b -> {
            b.inc = (namespace, key, step, initial) -> b.good.inc(form.apply(namespace), key, step, initial);
            b.set = (namespace, key, value) -> b.good.set(form.apply(namespace), key, value);
            b.getAll = namespace -> b.good.getAll(form.apply(namespace));
        };
    }
}
