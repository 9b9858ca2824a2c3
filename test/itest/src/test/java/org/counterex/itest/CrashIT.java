package org.counterex.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.Before;
import org.junit.Test;

/**
 * A counting process is killed like by {@code kill -9}. After a restart its files must contain everything that was
 * durable, and nothing that was never counted. The load is in {@link CrashClient}, the expected values are in {@link
 * CrashLedger}.
 *
 * <p>Every build has a few kills, many more run with {@code mvn -Pcrash verify -pl test/itest -am}.
 */
public class CrashIT {

    private static final long SEED = seed();
    private static final int KILLS = Integer.getInteger("counterex.crash.kills", 8);

    /** The number of steps of each direction at which the process is killed; 0 for all. */
    private static final int STEPS = Integer.getInteger("counterex.crash.steps", 4);

    /** One in this number of kills happens at any time after the start, possibly during recovery. */
    private static final int EARLY_PERIOD = 5;

    private static final int MAX_RUN_MS = 1_000;

    private final Random random = new Random(SEED);
    private final CrashLedger ledger = new CrashLedger();
    private Path folder;

    private static long seed() {
        String seed = System.getProperty("counterex.crash.seed", "");
        return seed.isEmpty() ? System.nanoTime() : Long.parseLong(seed);
    }

    @Before
    public void createFolder() throws IOException {
        Path work = Files.createDirectories(Path.of(System.getProperty("counterex.work")));
        folder = Files.createTempDirectory(work, "crash-");
        Files.copy(Jars.crash(), folder.resolve("client.jar"));
    }

    @Test
    public void process_killedAtRandom_keepsDurableValues() throws Exception {
        int early = 0;
        for (int i = 0; i < KILLS; i++) {
            try (CrashVictim victim = new CrashVictim(folder, CrashClient.EVERYTHING, false, ledger)) {
                if (i > 0 && random.nextInt(EARLY_PERIOD) == 0) {
                    early++;
                    victim.awaitLines(random.nextInt(150));
                } else {
                    victim.awaitBegin();
                    victim.awaitTime(random.nextInt(MAX_RUN_MS));
                }
                victim.kill();
            }
            check("kill " + i);
        }
        checkRestart(CrashClient.EVERYTHING);
        System.out.println("Crash: " + KILLS + " kills at random, " + early + " of them at the start, " + ledger.calls()
                + " acknowledgements, " + ledger.unwritten() + " moves not written in time, longest loss of interval "
                + ledger.longestWindowMs() + " ms, seed " + SEED);
    }

    @Test
    public void move_killedAtEachStep_keepsDurableValues() throws Exception {
        List<String> in = new ArrayList<>();
        List<String> out = new ArrayList<>();
        try (CrashVictim victim = new CrashVictim(folder, CrashClient.MOVES, true, ledger)) {
            victim.awaitBegin();
            victim.move("in");
            awaitMoved("in");
            victim.move("out");
            awaitMoved("out");
            try (CrashSteps steps = CrashSteps.of(victim, ledger)) {
                in.addAll(recorded(steps, victim, "in"));
                out.addAll(recorded(steps, victim, "out"));
            }
            victim.kill();
        }
        assertTrue("steps " + in + out, in.size() > 50 && out.size() > 50);
        int reached = killAt(in, "in") + killAt(out, "out");
        checkRestart(CrashClient.MOVES);
        System.out.println("Crash: " + in.size() + " and " + out.size()
                + " steps of a move into the file and out of it, " + reached + " kills at a step, seed " + SEED);
    }

    private List<String> recorded(CrashSteps steps, CrashVictim victim, String where) throws Exception {
        steps.record();
        victim.move(where);
        awaitMoved(where);
        return steps.recorded();
    }

    private void awaitMoved(String where) {
        Await.until(() -> ledger.isMoved(where), () -> "not moved " + where + ": " + ledger.problems());
    }

    private int killAt(List<String> all, String where) throws Exception {
        List<String> chosen = new ArrayList<>(all);
        Collections.shuffle(chosen, random);
        int reached = 0;
        for (String step : chosen.subList(0, STEPS == 0 ? chosen.size() : Math.min(STEPS, chosen.size()))) {
            boolean whole = random.nextBoolean();
            try (CrashVictim victim = new CrashVictim(folder, CrashClient.MOVES, true, ledger)) {
                victim.awaitBegin();
                check("start before " + step);
                if (where.equals("out")) {
                    victim.move("in");
                    awaitMoved("in");
                } else {
                    victim.move("out");
                    awaitMoved("out");
                }
                try (CrashSteps steps = CrashSteps.of(victim, ledger)) {
                    steps.stopAt(step, whole);
                    victim.move(where);
                    if (steps.awaitStop(() -> ledger.isMoved(where))) {
                        reached++;
                        if (!whole) {
                            victim.awaitTime(random.nextInt(100));
                        }
                    }
                    victim.kill();
                }
            }
            check("kill at " + step + (whole ? "" : ", other threads continued"));
        }
        return reached;
    }

    /** Restarts the process once more to check what the last one left. */
    private void checkRestart(String load) throws Exception {
        try (CrashVictim victim = new CrashVictim(folder, load, false, ledger)) {
            victim.awaitBegin();
            victim.kill();
        }
        check("the end");
    }

    private void check(String when) {
        assertEquals(when + ", seed " + SEED, List.of(), List.copyOf(ledger.problems()));
    }
}
