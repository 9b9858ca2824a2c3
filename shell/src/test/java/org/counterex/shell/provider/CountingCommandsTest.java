package org.counterex.shell.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Test;

public class CountingCommandsTest {

    private static final String INC_USAGE = " usage=counter:inc NS KEY [STEP] [--initial N]";

    private final TestShell shell = new TestShell();

    @After
    public void close() {
        shell.close();
    }

    @Test
    public void inc_anyStep_printsTheNumber() throws Exception {
        assertEquals("1", shell.show("counter:inc http requests"));
        assertEquals("6", shell.show("counter:inc http requests 5"));
        assertEquals("4", shell.show("counter:inc http requests -2"));
        assertEquals("103", shell.show("counter:inc http bytes 3 --initial 100"));
        assertEquals(Long.valueOf(104), shell.run("counter:inc http bytes"));
    }

    @Test
    public void options_anywhere_areAccepted() throws Exception {
        assertEquals("-4", shell.show("counter:inc --initial -5 http a"));
        assertEquals("9", shell.show("counter:inc http --initial 7 b 2"));
    }

    @Test
    public void names_likeNumbersOrOptions_stayAsWritten() throws Exception {
        for (String name :
                List.of("007", "1e3", "NaN", "true", "1.50", "-5", "-", "-x", "0x10", "+1", "9999999999999999999")) {
            assertEquals(name, "1", shell.show("counter:inc " + name + " " + name));
            assertEquals(Map.of(name, 1L), shell.counters.namespace(name).getAll());
        }
        assertEquals("1", shell.show("counter:inc -- --ns --initial"));
        assertEquals(Map.of("--initial", 1L), shell.counters.namespace("--ns").getAll());
        assertEquals("1", shell.show("counter:inc ns -- -- 1"));
        assertEquals("1", shell.show("counter:inc quoted 'null'"));
        assertEquals(Map.of("null", 1L), shell.counters.namespace("quoted").getAll());
    }

    @Test
    public void argument_null_isRejected() {
        assertEquals(
                "argument is null: undefined variable, or the word 'null' without quotes",
                shell.fail("counter:inc http $undefined"));
        assertEquals(
                "argument is null: undefined variable, or the word 'null' without quotes",
                shell.fail("counter:inc http a --initial null"));
        assertTrue(shell.counters.namespaces().isEmpty());
    }

    @Test
    public void number_invalid_isOneLine() {
        assertEquals("not a whole number: STEP=abc", shell.fail("counter:inc http a abc"));
        assertEquals("not a whole number: STEP=1.5", shell.fail("counter:inc http a 1.5"));
        assertEquals("not a whole number: STEP=1e3", shell.fail("counter:inc http a 1e3"));
        assertEquals("not a whole number: STEP=", shell.fail("counter:inc http a ''"));
        assertEquals("not a whole number: --initial=x", shell.fail("counter:inc http a --initial x"));
        assertEquals("not a whole number: VALUE=\\u000a", shell.fail("counter:set http a $'\\n'"));
        assertEquals("not a whole number: NEW=-", shell.fail("counter:cas http a 1 -"));
        assertTrue(shell.counters.namespaces().isEmpty());
    }

    @Test
    public void number_beyond64Bits_isOneLine() throws Exception {
        String bounds = " lowest=-9223372036854775807 highest=9223372036854775807";
        assertEquals(
                "number is out of range: STEP=9223372036854775808" + bounds,
                shell.fail("counter:inc http a 9223372036854775808"));
        assertEquals(
                "number is out of range: VALUE=-9223372036854775808" + bounds,
                shell.fail("counter:set http a -9223372036854775808"));
        assertEquals("9223372036854775807", shell.show("counter:set http a 9223372036854775807"));
        assertEquals("-9223372036854775807", shell.show("counter:set http a -9223372036854775807"));
    }

    @Test
    public void arguments_tooFewOrTooMany_showTheUsage() {
        assertEquals("missing argument: argument=NS" + INC_USAGE, shell.fail("counter:inc"));
        assertEquals("missing argument: argument=KEY" + INC_USAGE, shell.fail("counter:inc http"));
        assertEquals("unexpected argument: argument=4" + INC_USAGE, shell.fail("counter:inc http a 3 4"));
        assertEquals("unknown option: option=--init" + INC_USAGE, shell.fail("counter:inc http a --init 3"));
        assertEquals(
                "option requires a value: option=--initial" + INC_USAGE, shell.fail("counter:inc http a --initial"));
        assertEquals(
                "duplicate option: option=--initial" + INC_USAGE,
                shell.fail("counter:inc http a --initial 1 --initial 2"));
        assertEquals("unexpected argument: argument=x usage=counter:moves", shell.fail("counter:moves x"));
        assertTrue(shell.counters.namespaces().isEmpty());
    }

    @Test
    public void name_invalid_isOneLine() {
        assertEquals("name is empty: key=''", shell.fail("counter:inc http ''"));
        assertEquals("name is empty: namespace=''", shell.fail("counter:get '' a"));
        assertEquals(
                "name is too long: key='" + "x".repeat(40) + "...' length=1025 longest=1024",
                shell.fail("counter:inc http " + "x".repeat(1025)));
        assertEquals(
                "name has an unpaired surrogate: key='\\ud800' index=0", shell.fail("counter:inc http $'\\uD800'"));
        assertTrue(shell.counters.namespaces().isEmpty());
    }

    @Test
    public void inc_beyondTheRange_isOneLine() throws Exception {
        shell.run("counter:set http a 9223372036854775807");
        assertTrue(shell.fail("counter:inc http a").startsWith("value is out of range: namespace=http key=a"));
        assertEquals("9223372036854775807", shell.show("counter:get http a"));
    }

    @Test
    public void get_absentCounter_printsAbsent() throws Exception {
        assertEquals("absent", shell.show("counter:get http a"));
        shell.run("counter:inc http a 0");
        assertEquals("0", shell.show("counter:get http a"));
    }

    @Test
    public void setAndReset_anyValue_printTheNumber() throws Exception {
        assertEquals("42", shell.show("counter:set http a 42"));
        assertEquals("0", shell.show("counter:reset http a"));
        assertEquals("7", shell.show("counter:reset http a 7"));
    }

    @Test
    public void delete_anyCounter_printsNothing() throws Exception {
        shell.run("counter:inc http a");
        assertNull(shell.show("counter:delete http a"));
        assertNull(shell.show("counter:delete http a"));
        assertEquals("absent", shell.show("counter:get http a"));
    }

    @Test
    public void cas_bothOutcomes_arePrinted() throws Exception {
        assertEquals("swapped 5", shell.show("counter:cas http a 0 5"));
        assertEquals("mismatch 5", shell.show("counter:cas http a 4 6"));
        assertEquals("5", shell.show("counter:get http a"));
    }

    @Test
    public void all_severalCounters_areOneLineEach() throws Exception {
        shell.run("counter:inc http requests 12; counter:inc http errors; counter:inc http 'two words' -3");
        assertEquals("errors      1\nrequests   12\ntwo words  -3", shell.show("counter:all http"));
        assertEquals("", shell.show("counter:all nothing"));
    }

    @Test
    public void all_inAScript_isAMap() throws Exception {
        shell.run("counter:inc http $'\\u001b[2J' 3");
        assertEquals(Map.of("\u001b[2J", 3L), shell.run("counter:all http"));
        assertEquals(3L, shell.run("(counter:all http) get $'\\u001b[2J'"));
    }

    @Test
    public void all_controlCharacters_areEscaped() throws Exception {
        String name = "\u001b[2J\r\n\u202ex\uD83D\uDE00" + "y".repeat(100);
        shell.counters.namespace("http").inc(name);
        assertEquals(
                "\\u001b[2J\\u000d\\u000a\\u202ex\uD83D\uDE00" + "y".repeat(100) + "  1",
                shell.show("counter:all http"));
    }

    @Test
    public void drain_severalCounters_printsFinalValues() throws Exception {
        shell.run("counter:inc http b 2; counter:inc http a");
        assertEquals("a  1\nb  2", shell.show("counter:drain http"));
        assertEquals("", shell.show("counter:drain http"));
    }

    @Test
    public void clear_anyNamespace_printsNothing() throws Exception {
        shell.run("counter:inc http a");
        assertNull(shell.show("counter:clear http"));
        assertTrue(shell.counters.namespaces().isEmpty());
    }

    @Test
    public void top_severalCounters_areSortedByValue() throws Exception {
        for (int i = 0; i < 12; i++) {
            shell.counters.namespace("http").inc("k" + i, i % 3);
        }
        assertEquals("k11  2\nk2   2\nk5   2\nk8   2\nk1   1", shell.show("counter:top http 5"));
        assertEquals(10, shell.show("counter:top http").lines().count());
        assertEquals(
                "number is out of range: N=0 lowest=1 highest=9223372036854775807", shell.fail("counter:top http 0"));
    }

    @Test
    public void commands_withoutRegistry_fail() throws Exception {
        RegistryAccess noServices = new RegistryAccess();
        shell.processor.addCommand("alone", new CountingCommands(noServices), "inc");
        shell.processor.addCommand("alone", new AdminCommands(noServices), "backends");
        assertEquals("the registry is not running", shell.fail("alone:inc http a"));
        assertEquals("the registry is not running", shell.fail("alone:backends"));
    }

    @Test
    public void results_inAPipe_areTheLinesShown() throws Exception {
        shell.processor.addCommand("test", new Upper(), "upper");
        shell.run("counter:inc http a 5");
        assertEquals("A  5\n", shell.show("counter:all http | test:upper"));
    }

    public static final class Upper {
        public String upper() throws java.io.IOException {
            return new String(org.apache.felix.service.command.Process.Utils.current()
                            .in()
                            .readAllBytes())
                    .toUpperCase();
        }
    }
}
