package org.counterex.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** The packed bundles start in a framework. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class FrameworkIT {
    @Inject
    private BundleContext context;

    @Configuration
    public Option[] configuration() throws IOException {
        return new Container(getClass()).options();
    }

    @Test
    public void framework_started_isTheProfiles() {
        Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        assertEquals(System.getProperty("counterex.framework"), framework.getSymbolicName());
    }

    @Test
    public void bundles_installed_areActive() {
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
            assertTrue(
                    bundle + " is in state " + bundle.getState(),
                    bundle.getState() == (fragment ? Bundle.RESOLVED : Bundle.ACTIVE));
        }
    }
}
