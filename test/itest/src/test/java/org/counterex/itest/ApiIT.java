package org.counterex.itest;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Refresh and update of the API, hence of all bundles that depend on it. The {@link Client} counts; this class refers
 * to no type of the API, so that it is not refreshed as well.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class ApiIT {

    private static final String API = "org.counterex.api";
    private static final int ROUNDS = 5;

    @Inject
    private BundleContext context;

    final ClientRemote client = newClient();
    Platform platform;

    ClientRemote newClient() {
        return new ClientRemote(true);
    }

    /** Prepares the framework before the client is installed. */
    void prepare() throws Exception {}

    /** Waits until all counters can be read. */
    void awaitCounters() {}

    @Configuration
    public Option[] configuration() throws IOException {
        return new Container(getClass()).options();
    }

    @Before
    public void installClient() throws Exception {
        platform = new Platform(context);
        platform.bundle("org.counterex.backend.counters").stop(); // it does not guarantee exact results
        prepare();
        client.enter(platform);
        platform.install(jar("org.counterex.itest.client"));
    }

    private Path jar(String name) {
        return platform.folder(Container.JARS).resolve(name + ".jar");
    }

    private Bundle api() {
        return platform.bundle(API);
    }

    @Test
    public void api_refreshed_leavesCountersExact() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            client.keepCounting(platform);
            platform.refresh(api());
        }
    }

    @Test
    public void api_updatedAndRefreshed_leavesCountersExact() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            client.keepCounting(platform);
            platform.update(api(), jar(round % 2 == 0 ? API : API + "-other"));
            platform.refresh(api());
        }
    }

    @After
    public void verifyCounters() throws Exception {
        client.keepCounting(platform);
        awaitCounters();
        assertEquals(List.of(), client.disagreements(platform));
    }
}
