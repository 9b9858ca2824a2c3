package org.counterex.tck;

import java.util.HashMap;
import org.counterex.api.backend.CounterBackend;

/** The suite accepts a backend that retains its values. */
public class DiskMapBackendTest extends RetainedValuesContract {

    @Override
    public CounterBackend newBackend() {
        return new DiskMapBackend(new HashMap<>());
    }

    @Override
    protected CounterBackend reopened(CounterBackend backend) throws Exception {
        close(backend);
        return crashed(backend);
    }

    @Override
    protected CounterBackend crashed(CounterBackend backend) {
        return DiskMapBackend.after(backend, DiskMapBackend::new);
    }
}
