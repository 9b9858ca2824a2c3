package org.counterex.shell.provider;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.counterex.api.CounterNames;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FileCommandsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private TestShell shell = new TestShell();

    @Before
    public void enterFolder() {
        shell.directory(folder.getRoot().toPath());
    }

    @After
    public void close() {
        shell.close();
    }

    @Test
    public void export_writesJson() throws Exception {
        shell.counters.namespace("http").set("b", -2);
        shell.counters.namespace("http").set("a\"\\", Long.MAX_VALUE);
        assertEquals("2 counters exported", shell.show("counter:export http f.json"));
        String expected = """
                {
                  "namespace": "http",
                  "counters": {
                    "a\\"\\\\": 9223372036854775807,
                    "b": -2
                  }
                }
                """;
        assertEquals(expected, Files.readString(path("f.json")));
    }

    @Test
    public void export_ofNothing_canBeImported() throws Exception {
        assertEquals("0 counters exported", shell.show("counter:export none f.json"));
        assertEquals("0 counters imported", shell.show("counter:import none f.json"));
    }

    @Test
    public void export_thenImport_isExactForEveryName() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            int length = 1 + random.nextInt(i % 100 == 0 ? CounterNames.MAX_LENGTH / 2 : 6);
            StringBuilder name = new StringBuilder();
            random.ints(length, 0, Character.MAX_CODE_POINT + 1)
                    .map(c -> random.nextBoolean() ? c % 256 : c)
                    .filter(c -> c < 0xD800 || c > 0xDFFF)
                    .forEach(name::appendCodePoint);
            if (CounterNames.isValid(name.toString())) {
                shell.counters.namespace("from").set(name.toString(), Math.max(random.nextLong(), -Long.MAX_VALUE));
            }
        }
        shell.run("counter:export from f; counter:import to f");
        assertEquals("seed=" + seed, counts("from"), counts("to"));
    }

    @Test
    public void export_thatFails_keepsTheExistingFile() throws Exception {
        Files.createDirectories(path("f/full"));
        assertEquals(
                "file cannot be used: FILE=" + path("f") + " reason=it is a directory",
                shell.fail("counter:export http f"));
        try (var files = Files.list(folder.getRoot().toPath())) {
            assertArrayEquals("no temporary file is left", new Object[] {path("f")}, files.toArray());
        }
        assertEquals(
                "file cannot be used: FILE=" + path("no/where") + " reason=its directory does not exist",
                shell.fail("counter:export http no/where"));
    }

    @Test
    public void import_setsListedCountersOnly() throws Exception {
        shell.run("counter:inc http a 5; counter:inc http b 5");
        file(" {\"counters\" : {\"a\":1,\"\\u0041\\n\":-0},\r\n\t\"namespace\":\"other\"}\n");
        assertEquals("2 counters imported", shell.show("counter:import http f"));
        assertEquals(Map.of("a", 1L, "b", 5L, "A\n", 0L), counts("http"));
    }

    @Test
    public void import_ofInvalidFile_changesNothing() throws Exception {
        rejected("line=1 column=1 expected='{'", "");
        rejected("line=1 column=1 expected='{'", "[]");
        rejected("line=1 column=2 expected=a string", "{}");
        rejected("line=1 column=19 expected=\"namespace\" and \"counters\"", "{\"namespace\":\"n\"  }");
        rejected("line=1 column=2 expected=\"namespace\" or \"counters\", each once", "{\"x\":1}");
        rejected(
                "line=2 column=1 expected=\"namespace\" or \"counters\", each once",
                "{\"counters\":{},\n\"counters\":{}}");
        rejectedCounters("line=1 column=36 expected='}'", "\"a\":1 \"b\":2");
        rejectedCounters("line=1 column=36 expected=a string", "\"a\":1,");
        rejectedCounters("line=1 column=36 expected=each counter once", "\"a\":1,\"a\":2");
        rejectedCounters("line=1 column=30 expected=a string", "a:1");
        rejectedCounters("line=1 column=32 expected=a valid escape sequence", "\"a\\x\":1");
        rejectedCounters("line=1 column=31 expected=a valid escape sequence", "\"\\u00g0\":1");
        rejectedCounters("line=1 column=30 expected=a string", "\"a\tb\":1");
        for (String number : new String[] {
            "1.0", "1e3", "+1", "01", "-", "", "null", "\"1\"", "9223372036854775808", "-9223372036854775808"
        }) {
            rejectedCounters(
                    "line=1 column=34 expected=a whole number from -9223372036854775807 to 9223372036854775807",
                    "\"a\":" + number);
        }
        rejected("line=1 column=32 expected=the end", "{\"namespace\":\"n\",\"counters\":{}}}");
    }

    @Test
    public void import_ofInvalidNames_changesNothing() throws Exception {
        file("{\"namespace\":\"n\",\"counters\":{\"a\":1,\"\":2}}");
        assertEquals("name is empty: key=''", shell.fail("counter:import http f"));
        file("{\"namespace\":\"n\",\"counters\":{\"a\":1,\"\\ud800\":2}}");
        assertEquals("name has an unpaired surrogate: key='\\ud800' index=0", shell.fail("counter:import http f"));
        Files.write(path("f"), new byte[] {(byte) 0xFF});
        assertEquals("file is not UTF-8", shell.fail("counter:import http f"));
        assertEquals("no such file: FILE=" + path("g"), shell.fail("counter:import http g"));
        assertTrue(counts("http").isEmpty());
    }

    @Test
    public void import_intoFullNamespace_reportsProgress() throws Exception {
        shell.close();
        shell = new TestShell(1, InputStream.nullInputStream());
        enterFolder();
        file("{\"namespace\":\"n\",\"counters\":{\"a\":1,\"b\":2,\"c\":3}}");
        assertEquals(
                "namespace is full: namespace=http key=b capacity=1 set before=1 of=3",
                shell.fail("counter:import http f"));
    }

    private void rejectedCounters(String problem, String counters) throws IOException {
        rejected(problem, "{\"namespace\":\"n\",\"counters\":{" + counters + "}}");
    }

    private void rejected(String problem, String text) throws IOException {
        file(text);
        assertEquals(text, "invalid counter file: " + problem, shell.fail("counter:import http f"));
        assertTrue(text, counts("http").isEmpty());
    }

    private void file(String text) throws IOException {
        Files.writeString(path("f"), text);
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private Map<String, Long> counts(String namespace) {
        return shell.counters.namespace(namespace).getAll();
    }
}
