package org.counterex.shell.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.util.List;
import org.counterex.shell.provider.measure.Throughput;
import org.junit.After;
import org.junit.Test;

public class BenchCommandTest {

    private TestShell shell = new TestShell();

    @After
    public void close() {
        shell.close();
    }

    @Test
    public void bench_everyBackend_isMeasured() throws Exception {
        @SuppressWarnings("unchecked")
        List<Throughput> results = (List<Throughput>) shell.run("counter:bench --threads 2");
        assertEquals(
                List.of("ets/ets", "atomics/small"),
                results.stream().map(Throughput::backend).toList());
        for (Throughput result : results) {
            assertEquals(2, result.threads());
            assertTrue(result.toString(), result.incByName() > 0 && result.incByHandle() > 0 && result.add() > 0);
        }
        assertTrue(shell.show("counter:bench").startsWith("BACKEND        THREADS  INC/S BY NAME"));
    }

    @Test
    public void bench_done_removesNamespaceAndRoute() throws Exception {
        shell.run("counter:bench");
        assertEquals(
                List.of("(service.id=7)", "(service.id=8)", "(service.id=7)", "(service.id=8)"),
                shell.registry.moves.stream().map(move -> move.to).toList());
        assertTrue(shell.registry.moves.get(0).namespace.startsWith("bench:"));
        assertTrue(shell.registry.routes.isEmpty());
        assertTrue(shell.counters.namespaces().isEmpty());
    }

    @Test
    public void bench_failed_removesNamespaceAndRoute() {
        shell.close();
        shell = new TestShell(3, InputStream.nullInputStream());
        assertTrue(shell.fail("counter:bench").startsWith("namespace is full: namespace=bench:"));
        assertTrue(shell.registry.routes.isEmpty());
        assertTrue(shell.counters.namespaces().isEmpty());
    }

    @Test
    public void threads_outOfBounds_areRejected() {
        assertEquals(
                "number is out of range: --threads=0 lowest=1 highest=1024", shell.fail("counter:bench --threads 0"));
    }
}
