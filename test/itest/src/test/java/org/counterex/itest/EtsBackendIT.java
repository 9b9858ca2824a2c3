package org.counterex.itest;

import java.util.List;
import java.util.Map;

/** {@link ConfigurableBackendTest} with {@code ets}. */
public class EtsBackendIT extends ConfigurableBackendTest {

    @Override
    String type() {
        return "ets";
    }

    @Override
    List<Map<String, ?>> invalidSettings() {
        return List.of(Map.of("ranking", "high"), Map.of("ranking", 1L << 40), Map.of("name", ""));
    }
}
