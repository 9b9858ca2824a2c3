package org.counterex.support.data;

import static org.junit.Assert.assertEquals;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import org.junit.Test;
import org.osgi.framework.BundleContext;

public class DataDirectoryTest {

    @Test
    public void of_propertySet_isItsPath() {
        assertEquals(
                Path.of("/var/lib/counterex"),
                DataDirectory.of(context(Map.of("counterex.data", "/var/lib/counterex"))));
    }

    @Test
    public void of_propertyMissing_isDataInTheWorkingDirectory() {
        assertEquals(Path.of("data"), DataDirectory.of(context(Map.of())));
    }

    /** Returns a context of which only the framework properties can be read. */
    private static BundleContext context(Map<String, String> properties) {
        return (BundleContext) Proxy.newProxyInstance(
                DataDirectoryTest.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("getProperty")) {
                        return properties.get(arguments[0]);
                    }
                    throw new UnsupportedOperationException(method.toString());
                });
    }
}
