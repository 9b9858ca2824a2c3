package org.counterex.tck;

import org.counterex.api.backend.CounterBackend;
import org.example.counters.SynchronizedMapBackend;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

/** That the suites let backends pass that share a map, whether what they count is there at once or later. */
@RunWith(Enclosed.class)
public class SharedMapBackendTest {

    private abstract static class OnAMap extends SharedValuesContract {

        private final CounterBackend place = new SynchronizedMapBackend();

        abstract CounterBackend on(CounterBackend place);

        @Override
        public CounterBackend newBackend() {
            return on(place);
        }

        @Override
        protected CounterBackend another(CounterBackend backend) {
            return on(place);
        }
    }

    public static class AtOnce extends OnAMap {
        @Override
        CounterBackend on(CounterBackend place) {
            return new Tampered(place);
        }
    }

    public static class Later extends OnAMap {
        @Override
        CounterBackend on(CounterBackend place) {
            return new BufferingMapBackend(place);
        }

        @Override
        protected boolean isSeenAtOnce() {
            return false;
        }

        @Override
        public boolean returnsExactValues() {
            return false;
        }
    }

    interface Both extends BackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            CounterBackend place = new SynchronizedMapBackend();
            return new Alternating(new Tampered(place), new Tampered(place));
        }
    }

    public static class Operations extends CounterBackendContract implements Both {}

    public static class Namespaces extends NamespaceContract implements Both {}

    public static class Range extends RangeContract implements Both {}

    public static class Races extends ConcurrentBackendContract implements Both {}

    public static class Lives extends CounterLivesContract implements Both {}
}
