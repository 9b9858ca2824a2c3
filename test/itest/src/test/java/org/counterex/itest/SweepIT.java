package org.counterex.itest;

import static org.junit.Assert.assertEquals;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.counterex.api.SweepListener;
import org.counterex.api.admin.BackendRegistry;
import org.junit.Test;
import org.osgi.framework.Constants;
import org.osgi.service.log.LoggerFactory;

/** Periodic sweeps of namespaces while writers count, namespaces move, and the registry stops. */
public class SweepIT extends CountingTest {

    private static final String PID = BackendRegistry.SWEEP_PID + "~test";
    private static final Pattern LINE = Pattern.compile("namespace (\\S+) swept: counters=\\d+ sum=(-?\\d+)");

    private final Map<String, BigInteger> published = new ConcurrentHashMap<>();
    private final Logged log = new Logged("info");

    @Override
    boolean registryStops() {
        return true;
    }

    /** Subtracts swept values from the expected ones and adds them to the published ones. */
    private void swept(String namespace, Map<String, Long> taken) {
        Ledger minus = new Ledger();
        taken.forEach((key, value) -> {
            minus.sum(namespace, key)[0] -= value;
            published.merge(namespace, BigInteger.valueOf(value), BigInteger::add);
        });
        ledger.add(minus);
    }

    @Test
    public void sweeps_publishAndLogEachAdditionOnce() throws Exception {
        platform.register(SweepListener.class, this::swept, Map.of());
        platform.register(LoggerFactory.class, log.service(), Map.of(Constants.SERVICE_RANKING, 1));
        countersAreExactWhile(
                () -> platform.configure(PID, Map.of("namespaces", "drained, s*", "intervalMs", 3)),
                () -> registry().route("*", "(counterex.backend=atomics)"),
                () -> {
                    platform.bundle("org.counterex.registry").stop();
                    platform.bundle("org.counterex.registry").start();
                },
                () -> platform.configure(PID, Map.of("namespaces", "sums", "intervalMs", 2)),
                () -> registry().unroute("*"),
                () -> platform.deleteConfiguration(PID));
        assertEquals(published, logged());
        assertEquals(Set.of("drained", "sums"), published.keySet());
    }

    private Map<String, BigInteger> logged() {
        Map<String, BigInteger> sums = new HashMap<>();
        for (String line : log.lines()) {
            Matcher swept = LINE.matcher(line);
            if (swept.matches()) {
                sums.merge(swept.group(1), new BigInteger(swept.group(2)), BigInteger::add);
            }
        }
        return sums;
    }
}
