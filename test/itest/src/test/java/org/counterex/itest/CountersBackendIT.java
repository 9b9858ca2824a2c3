package org.counterex.itest;

import java.util.List;
import java.util.Map;

/** {@link ConfigurableBackendTest} with {@code counters}, which does not guarantee exact results. */
public class CountersBackendIT extends ConfigurableBackendTest {

    @Override
    String type() {
        return "counters";
    }

    @Override
    List<Map<String, ?>> invalidSettings() {
        return List.of(Map.of("capacity", 0), Map.of("capacity", 1L << 40), Map.of("writeConcurrency", "yes"));
    }

    @Override
    boolean exact() {
        return false;
    }
}
