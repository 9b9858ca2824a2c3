package org.counterex.itest;

import java.util.List;
import java.util.Map;

/**
 * {@link ApiIT} with all counters in a file. Its backend may start after the registry; until then only additions
 * succeed.
 */
public class ApiWithFileIT extends ApiIT {

    @Override
    ClientRemote newClient() {
        return super.newClient().onlyAdding();
    }

    @Override
    void prepare() throws Exception {
        platform.configure("org.counterex.backend.mvstore", Map.of("namespaces", "*"));
    }

    @Override
    void awaitCounters() {
        for (String namespace : List.of("quiet", "sums", "default")) {
            client.awaitBackend(platform, namespace, "mvstore/mvstore");
        }
    }
}
