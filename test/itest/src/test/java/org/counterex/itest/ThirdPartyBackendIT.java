package org.counterex.itest;

/** {@link BackendBundleTest} with a backend that implements only the service interface, packed by the test. */
public class ThirdPartyBackendIT extends BackendBundleTest {

    @Override
    String symbolicName() {
        return "org.example.counters";
    }

    @Override
    String type() {
        return "map";
    }
}
