package org.counterex.itest;

import java.nio.file.Path;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** The only backend is a file in the drop folder: while it is absent, counters are parked. */
public class DropFolderIT extends CountingTest {

    private static final String ETS = "org.counterex.backend.ets";
    private static final String FILE = "backend.jar";

    private DropFolder folder;

    @Before
    public void dropTheOnlyBackend() throws Exception {
        for (Bundle bundle : platform.bundles()) {
            if (bundle.getSymbolicName().startsWith("org.counterex.backend.")
                    && !bundle.getLocation().endsWith(FILE)) {
                bundle.uninstall();
            }
        }
        folder = new DropFolder(platform);
        drop(jar(ETS), FILE);
    }

    private void drop(Path jar, String name) throws Exception {
        awaitBackendOf(folder.drop(jar, name));
    }

    @After
    public void clearFolder() throws Exception {
        folder.clear();
    }

    @Test
    public void file_deletedAndDropped_leavesCountersExact() throws Exception {
        countersAreExactWhile(() -> folder.delete(FILE), () -> drop(jar(ETS), FILE));
    }

    @Test
    public void file_overwrittenWithTheSameJar_leavesCountersExact() throws Exception {
        countersAreExactWhile(() -> drop(jar(ETS), FILE));
    }

    @Test
    public void file_overwrittenWithAnotherVersion_leavesCountersExact() throws Exception {
        countersAreExactWhile(() -> drop(jar(ETS + "-other"), FILE), () -> drop(jar(ETS), FILE));
    }

    @Test
    public void file_overwrittenWithGarbage_parksCounters() throws Exception {
        countersAreExactWhile(() -> folder.corrupt(FILE), () -> drop(jar(ETS), FILE));
    }

    @Test
    public void file_withAnotherVersion_leavesCountersExact() throws Exception {
        countersAreExactWhile(
                () -> drop(jar(ETS + "-other"), "other.jar"),
                () -> folder.delete(FILE),
                () -> drop(jar(ETS), FILE),
                () -> folder.delete("other.jar"));
    }

    @Test
    public void settings_ofDefaultInstance_takeEffect() throws Exception {
        String file = ETS + ".cfg";
        countersAreExactWhile(
                () -> {
                    folder.configure(file, List.of("ranking = 5"));
                    awaitBackend(backend -> backend.ranking == 5);
                },
                () -> {
                    folder.configure(file, List.of("ranking = 10"));
                    awaitBackend(backend -> backend.ranking == 10);
                },
                () -> {
                    folder.configure(file, List.of("ranking = high"));
                    awaitNoBackend(backend -> true);
                },
                () -> {
                    folder.deleteConfiguration(file);
                    awaitBackend(backend -> backend.ranking == 0);
                });
    }

    @Test
    public void settings_ofFurtherInstance_takeEffect() throws Exception {
        String file = ETS + ".instance-second.cfg";
        countersAreExactWhile(
                () -> {
                    folder.configure(file, List.of("name = second", "namespaces = quiet, s*, numbers"));
                    awaitBackend(backend -> backend.claims.contains("quiet"));
                },
                () -> {
                    folder.configure(file, List.of("name = second", "namespaces = *"));
                    awaitBackend(backend -> backend.claims.contains("*"));
                },
                () -> {
                    folder.configure(file, List.of("name = second", "namespaces = *", "ranking = high"));
                    awaitNoBackend(backend -> backend.name.equals("second"));
                },
                () -> {
                    folder.configure(file, List.of("name = second", "namespaces = *"));
                    awaitBackend(backend -> backend.name.equals("second"));
                },
                () -> {
                    folder.deleteConfiguration(file);
                    awaitNoBackend(backend -> backend.name.equals("second"));
                });
    }
}
