package org.counterex.itest;

/** {@link BackendBundleTest} with a backend that only implements the service, made in the test. */
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
