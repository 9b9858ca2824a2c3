package org.counterex.support.data;

import java.nio.file.Path;
import org.osgi.framework.BundleContext;

/** Directory for files that must outlive the framework's own storage: values, routes, tokens, the command history. */
public final class DataDirectory {

    /** Framework property: the path of the directory. */
    public static final String PROPERTY = "counterex.data";

    private static final String DEFAULT = "data";

    private DataDirectory() {}

    /**
     * Returns the directory that the framework property names, or {@code data} in the working directory if it is not
     * set.
     */
    public static Path of(BundleContext context) {
        String path = context.getProperty(PROPERTY);
        return Path.of(path == null ? DEFAULT : path);
    }
}
