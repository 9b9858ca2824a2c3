package org.example.counters;

import org.counterex.api.backend.CounterBackend;
import org.counterex.tck.BackendUnderTest;
import org.counterex.tck.ConcurrentBackendContract;
import org.counterex.tck.CounterBackendContract;
import org.counterex.tck.CounterLifecycleContract;
import org.counterex.tck.NamespaceContract;
import org.counterex.tck.RangeContract;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

@RunWith(Enclosed.class)
public class SynchronizedMapBackendTest {

    interface Subject extends BackendUnderTest {
        @Override
        default CounterBackend newBackend() {
            return new SynchronizedMapBackend();
        }
    }

    public static class Operations extends CounterBackendContract implements Subject {}

    public static class Namespaces extends NamespaceContract implements Subject {}

    public static class Range extends RangeContract implements Subject {}

    public static class Races extends ConcurrentBackendContract implements Subject {}

    public static class Lifecycles extends CounterLifecycleContract implements Subject {}
}
