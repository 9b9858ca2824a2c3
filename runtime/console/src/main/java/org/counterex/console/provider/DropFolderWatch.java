package org.counterex.console.provider;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.service.log.Logger;

/**
 * Bundle listener that logs when FileInstall uninstalls a bundle whose file is no longer a bundle, which it does
 * silently.
 */
final class DropFolderWatch implements BundleListener {

    private final Logger log;

    DropFolderWatch(Logger log) {
        this.log = log;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        if (event.getType() == BundleEvent.UNINSTALLED && bundle.getLocation().startsWith("file:")) {
            Path file = Path.of(URI.create(bundle.getLocation()));
            if (Files.exists(file) && !isBundle(file)) {
                log.warn(
                        "file is no longer a bundle, bundle uninstalled; counters that no other backend accepts are parked:"
                                + " file={} bundle={} version={}",
                        file,
                        bundle.getSymbolicName(),
                        bundle.getVersion());
            }
        }
    }

    private static boolean isBundle(Path file) {
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            return manifest != null && manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) != null;
        } catch (IOException e) {
            // A file that cannot be read as a jar is not a bundle.
            return false;
        }
    }
}
