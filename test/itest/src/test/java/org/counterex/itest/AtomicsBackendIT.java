package org.counterex.itest;

import java.util.List;
import java.util.Map;

/** {@link ConfigurableBackendTest} with {@code atomics}. */
public class AtomicsBackendIT extends ConfigurableBackendTest {

    @Override
    String type() {
        return "atomics";
    }

    @Override
    List<Map<String, ?>> invalidSettings() {
        return List.of(
                Map.of("capacity", 0),
                Map.of("capacity", "-1"),
                Map.of("capacity", "many"),
                Map.of("signed", "perhaps"));
    }
}
