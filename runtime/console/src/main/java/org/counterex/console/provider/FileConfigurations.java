package org.counterex.console.provider;

import java.io.IOException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The configurations that come from files. */
final class FileConfigurations {

    /** Where FileInstall notes the file, as an absolute URL. */
    private static final String FROM_A_FILE = "(felix.fileinstall.filename=*)";

    private FileConfigurations() {}

    /**
     * Deletes them, so that FileInstall makes them anew from the files that are there now. By itself it does not notice what
     * was deleted while it did not run; and in a copy of the folder it would write to the files of the original.
     */
    static void forget(ConfigurationAdmin admin) throws IOException, InvalidSyntaxException {
        Configuration[] configurations = admin.listConfigurations(FROM_A_FILE);
        if (configurations != null) {
            for (Configuration configuration : configurations) {
                configuration.delete();
            }
        }
    }
}
