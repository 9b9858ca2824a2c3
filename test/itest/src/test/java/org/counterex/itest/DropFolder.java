package org.counterex.itest;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;

/** The watched folder. Methods that change bundles return after the change has taken effect. */
final class DropFolder {

    private final Platform platform;
    private final Path folder;

    DropFolder(Platform platform) {
        this.platform = platform;
        folder = platform.folder(Container.DROP);
    }

    /** Drops a bundle, or overwrites the one of this name, and returns the installed bundle. */
    Bundle drop(Path jar, String name) throws IOException {
        long before = bundle(name).map(Bundle::getLastModified).orElse(0L);
        Files.copy(jar, folder.resolve(name), REPLACE_EXISTING);
        Await.until(
                () -> bundle(name)
                        .filter(bundle -> bundle.getLastModified() != before && bundle.getState() == Bundle.ACTIVE)
                        .isPresent(),
                () -> "bundle not active: file=" + name + " bundle=" + bundle(name));
        return bundle(name).orElseThrow();
    }

    /** Overwrites a bundle with invalid content. */
    void corrupt(String name) throws IOException {
        Files.writeString(folder.resolve(name), "Not a bundle.\n");
        awaitNone(name);
    }

    void delete(String name) throws IOException {
        Files.delete(folder.resolve(name));
        awaitNone(name);
    }

    /** Writes a configuration file. It takes effect later. */
    void configure(String name, List<String> lines) throws IOException {
        Files.write(folder.resolve(name), lines);
    }

    /** Deletes a configuration file. The deletion takes effect later. */
    void deleteConfiguration(String name) throws IOException {
        Files.delete(folder.resolve(name));
    }

    /** Deletes all files. The deletion takes effect later. */
    void clear() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private void awaitNone(String name) {
        Await.until(() -> bundle(name).isEmpty(), () -> "bundle not removed: file=" + name + " bundle=" + bundle(name));
    }

    private Optional<Bundle> bundle(String name) {
        return platform.at(folder.resolve(name).toFile().toURI().toString());
    }
}
