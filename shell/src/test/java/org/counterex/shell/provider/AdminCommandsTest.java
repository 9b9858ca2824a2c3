package org.counterex.shell.provider;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.Converter;
import org.counterex.api.admin.MoveDTO;
import org.junit.After;
import org.junit.Test;

public class AdminCommandsTest {

    private final TestShell shell = new TestShell();

    @After
    public void close() {
        shell.close();
    }

    @Test
    public void backends_isATable() throws Exception {
        assertEquals("""
                TYPE     NAME   RANKING  RETENTION  CLAIMS        NAMESPACES  COUNTERS  CAPACITY  BUNDLE
                ets      ets          0  none                              0         0            org.counterex.backend.ets 0.1.0
                atomics  small        0  none       small.*,tiny           2         3         4  org.counterex.backend.atomics 0.1.0""", shell.show("counter:backends"));
    }

    @Test
    public void info_everyBackend_isAParagraph() throws Exception {
        assertEquals("""
                ets/ets
                  type        ets
                  bundle      org.counterex.backend.ets 0.1.0
                  retention   none
                  counters    0
                  namespaces  0
                  capacity    unbounded

                atomics/small
                  type         atomics
                  bundle       org.counterex.backend.atomics 0.1.0
                  retention    none
                  counters     3
                  namespaces   2
                  capacity     4 in each namespace
                  odd.b        ?
                  signed       true
                  in a.b       2 counters, free 2
                  in words     1 counter, free 3, used 25 %""", shell.show("counter:info"));
    }

    @Test
    public void namespaces_isATable() throws Exception {
        shell.run("counter:inc http a; counter:inc http b; counter:inc $'\\u001b' b");
        assertEquals("""
                NAMESPACE  COUNTERS  BACKEND  TARGET
                \\u001b            1  ets/ets
                http              2  ets/ets""", shell.show("counter:namespaces"));
    }

    @Test
    public void explain_isAParagraph() throws Exception {
        assertEquals("""
                namespace  7
                counters   0
                backend    ets/ets
                target     ets/ets
                reason     it is the default backend""", shell.show("counter:explain 7"));
    }

    @Test
    public void swap_isASentence() throws Exception {
        shell.run("counter:inc http a 5");
        assertEquals(
                "http: moved from ets/ets to atomics, 1 counter, sum 9223372036854775808, 1.234 ms",
                shell.show("counter:swap http atomics"));
        assertEquals("moved", String.valueOf(shell.run("(counter:swap http atomics) outcome")));
        assertEquals("no active backend matches: backend=nonesuch", shell.fail("counter:swap http nonesuch"));
    }

    @Test
    public void move_unchangedOrRefused_saysWhy() {
        MoveDTO move = new MoveDTO();
        move.namespace = "http";
        move.from = "ets/ets";
        move.to = "ets/ets";
        move.sum = "0";
        move.outcome = MoveDTO.Outcome.UNCHANGED;
        move.reason = "";
        assertEquals("http: unchanged on ets/ets", shell.session.format(move, Converter.INSPECT));
        move.outcome = MoveDTO.Outcome.REFUSED;
        move.reason = "no room";
        assertEquals(
                "http: refused from ets/ets to ets/ets, 0 counters, sum 0, 0.000 ms, no room",
                shell.session.format(move, Converter.LINE));
    }

    @Test
    public void moves_isATable() throws Exception {
        assertEquals("", shell.show("counter:moves"));
        shell.run("counter:swap http atomics");
        assertEquals("""
                ID  TIME                      NAMESPACE  FROM     TO       CAUSE  COUNTERS                  SUM     MS  OUTCOME
                 1  2023-11-14T22:13:20.123Z  http       ets/ets  atomics  swap          0  9223372036854775808  1.234  moved""", shell.show("counter:moves"));
    }

    @Test
    public void routes_followRouteAndUnroute() throws Exception {
        assertEquals("", shell.show("counter:route 'http.*' '(counterex.backend=atomics)'"));
        assertEquals(Map.of("http.*", "(counterex.backend=atomics)"), shell.registry.routes);
        assertEquals("""
                NAMESPACES  TARGET                       RANKING  ACTIVE
                http.*      (counterex.backend=atomics)        0  yes""", shell.show("counter:routes"));
        assertEquals(List.of(), shell.run("counter:unroute 'http.*'"));
        assertEquals("no such route: glob=http.*", shell.fail("counter:unroute 'http.*'"));
    }

    @Test
    public void flush_anyBackend_saysWhereCountersAre() throws Exception {
        shell.registry.withRetention = true;
        shell.run("counter:inc http a");
        assertEquals("http: nothing to flush, 1 counter in memory on ets/ets", shell.show("counter:flush http"));
        shell.registry.placement = "mvstore/mvstore (detached)";
        assertEquals(
                "http: nothing to flush, 1 counter in memory on mvstore/mvstore (detached)",
                shell.show("counter:flush http"));
        shell.registry.placement = "mvstore/mvstore";
        assertEquals(
                "http: 1 counter flushed to mvstore/mvstore in /data/counters.mv", shell.show("counter:flush http"));
        assertEquals(List.of("http", "http", "http"), shell.registry.flushed);
    }

    @Test
    public void flush_failed_saysWhy() {
        assertEquals(
                "counted, and not on disk yet (disk is full): namespace=full outcome=unknown",
                shell.fail("counter:flush full"));
        assertEquals("missing argument: argument=NS usage=counter:flush NS", shell.fail("counter:flush"));
        assertEquals("name is empty: namespace=''", shell.fail("counter:flush ''"));
    }

    @Test
    public void columns_longName_stayAligned() throws Exception {
        shell.run("counter:inc http " + "x".repeat(100) + "; counter:inc http a");
        assertEquals("a" + " ".repeat(65) + "1\n" + "x".repeat(100) + "  1", shell.show("counter:all http"));
    }
}
