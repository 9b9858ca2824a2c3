package org.example.counters;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/** The guide contains the example as it is. Tests run in the folder of their module. */
public class WritingABackendTest {

    private static final Path GUIDE = Path.of("../docs/writing-a-backend.md");
    private static final Path SOURCES = Path.of("src/test/java/org/example/counters");
    private static final Pattern JAVA = Pattern.compile("^```java\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    /** The blocks of Java in the guide equal the example and its test. */
    @Test
    public void guide_javaBlocks_areTheSources() {
        List<String> blocks =
                JAVA.matcher(text(GUIDE)).results().map(block -> block.group(1)).toList();
        List<String> sources = Stream.of("SynchronizedMapBackend.java", "SynchronizedMapBackendTest.java")
                .map(SOURCES::resolve)
                .map(WritingABackendTest::text)
                .toList();
        assertEquals(sources, blocks);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
