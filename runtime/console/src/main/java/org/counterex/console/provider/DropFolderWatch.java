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

/** Says so when a bundle was uninstalled because its file has become none; FileInstall does that without a word why. */
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
                        "file is no bundle any more, so what it was before is uninstalled; counters that no other backend"
                                + " takes over are parked: file={} bundle={} version={}",
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
            // that it cannot be read as a jar is the answer
            return false;
        }
    }
}
