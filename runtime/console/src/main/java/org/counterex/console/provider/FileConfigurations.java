package org.counterex.console.provider;

import java.io.IOException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Configurations that FileInstall created from files. */
final class FileConfigurations {

    /** Filter for the property in which FileInstall stores the absolute URL of the file. */
    private static final String FROM_FILE = "(felix.fileinstall.filename=*)";

    private FileConfigurations() {}

    /**
     * Deletes these configurations, so that FileInstall recreates them from the current files. It does not detect files
     * that were deleted while it was stopped, and in a copy of the folder it would write to the files of the original.
     */
    static void deleteAll(ConfigurationAdmin admin) throws IOException, InvalidSyntaxException {
        Configuration[] configurations = admin.listConfigurations(FROM_FILE);
        if (configurations != null) {
            for (Configuration configuration : configurations) {
                configuration.delete();
            }
        }
    }
}
