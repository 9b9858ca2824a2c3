package org.counterex.tck;

import java.util.OptionalLong;
import org.counterex.api.backend.CounterBackend;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

/** The suites accept a bounded backend without negative values, and one whose results are estimates. */
@RunWith(Enclosed.class)
public class BoundedMapBackendTest {

    interface Unsigned extends BackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return new BoundedMapBackend(capacity().getAsLong(), 0);
        }

        @Override
        default OptionalLong capacity() {
            return OptionalLong.of(1_000);
        }

        @Override
        default long lowest() {
            return 0;
        }
    }

    interface Small extends Unsigned {
        @Override
        default OptionalLong capacity() {
            return OptionalLong.of(10);
        }
    }

    interface Smallest extends Unsigned {
        @Override
        default OptionalLong capacity() {
            return OptionalLong.of(2);
        }
    }

    public static class Operations extends CounterBackendContract implements Unsigned {}

    public static class Namespaces extends NamespaceContract implements Unsigned {}

    public static class Range extends RangeContract implements Unsigned {}

    public static class Races extends ConcurrentBackendContract implements Unsigned {}

    public static class Counters extends CounterLifecycleContract implements Unsigned {}

    public static class Bounds extends BoundedBackendContract implements Small {}

    public static class LeastBounds extends BoundedBackendContract implements Smallest {}
}
