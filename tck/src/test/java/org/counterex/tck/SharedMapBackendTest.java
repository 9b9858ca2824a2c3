package org.counterex.tck;

import org.counterex.api.backend.CounterBackend;
import org.example.counters.SynchronizedMapBackend;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

/** The suites accept backends that share a map, with and without buffered additions. */
@RunWith(Enclosed.class)
public class SharedMapBackendTest {

    interface AtOnce extends SharedBackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return new ModifiedBackend(new SynchronizedMapBackend());
        }

        @Override
        default CounterBackend another(CounterBackend backend) {
            return new ModifiedBackend(((ModifiedBackend) backend).good);
        }
    }

    interface Later extends SharedBackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return new BufferingMapBackend(new SynchronizedMapBackend());
        }

        @Override
        default CounterBackend another(CounterBackend backend) {
            return new BufferingMapBackend(((BufferingMapBackend) backend).store);
        }

        @Override
        default boolean isSeenAtOnce() {
            return false;
        }

        @Override
        default boolean returnsExactValues() {
            return false;
        }
    }

    interface Both extends BackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            CounterBackend store = new SynchronizedMapBackend();
            return new Alternating(new ModifiedBackend(store), new ModifiedBackend(store));
        }
    }

    public static class SharedAtOnce extends SharedValuesContract implements AtOnce {}

    public static class RacesAtOnce extends ConcurrentSharedValuesContract implements AtOnce {}

    public static class SharedLater extends SharedValuesContract implements Later {}

    public static class RacesLater extends ConcurrentSharedValuesContract implements Later {}

    public static class Operations extends CounterBackendContract implements Both {}

    public static class Namespaces extends NamespaceContract implements Both {}

    public static class Range extends RangeContract implements Both {}

    public static class Races extends ConcurrentBackendContract implements Both {}

    public static class Counters extends CounterLifecycleContract implements Both {}
}
