package org.counterex.launcher;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FolderTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path home() {
        return folder.getRoot().toPath();
    }

    @Test
    public void lock_readOnlyFolder_isOneLine() throws IOException {
        Files.createFile(home().resolve("data"));
        LaunchException e = assertThrows(LaunchException.class, new Folder(home())::lock);
        assertTrue(e.getMessage(), e.getMessage().startsWith("this copy cannot be written: "));
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    public void properties_withPlaceholder_containTheFolder() throws IOException {
        Files.createDirectory(home().resolve("etc"));
        Files.writeString(home().resolve("etc/framework.properties"), "a=${counterex.home}/x\nb=1\n");
        var properties = new Folder(home()).properties();
        assertEquals(home() + "/x", properties.get("a"));
        assertEquals("1", properties.get("b"));
        assertEquals(home().toString(), properties.get("counterex.home"));
    }

    @Test
    public void properties_systemProperty_overrides() throws IOException {
        Files.createDirectory(home().resolve("etc"));
        Files.writeString(home().resolve("etc/framework.properties"), "counterex.test.port=8080\nb=1\n");
        System.setProperty("counterex.test.port", "1");
        try {
            assertEquals("1", new Folder(home()).properties().get("counterex.test.port"));
        } finally {
            System.clearProperty("counterex.test.port");
        }
    }
}
