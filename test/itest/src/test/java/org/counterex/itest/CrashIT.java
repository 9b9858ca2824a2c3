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
 * A process that counts is killed, as the system or a person kills it: {@code kill -9}. Whatever its next life finds in the files
 * has to be what was durable, and nothing that was never counted. What is counted is in {@link CrashClient}, what has to be there in
 * {@link CrashLedger}.
 *
 * <p>Some kills are in every build, many more with {@code mvn -Pcrash verify -pl test/itest -am}.
 */
public class CrashIT {

    private static final long SEED = seed();
    private static final int KILLS = Integer.getInteger("counterex.crash.kills", 8);

    /** How many steps of each direction are taken; 0 for all. */
    private static final int STEPS = Integer.getInteger("counterex.crash.steps", 4);

    /** Of so many kills one is at any time since the start, and may meet it while it looks for what is there. */
    private static final int EARLY = 5;

    private static final int MOST_MS = 1_000;

    private final Random random = new Random(SEED);
    private final CrashLedger ledger = new CrashLedger();
    private Path folder;

    private static long seed() {
        String seed = System.getProperty("counterex.crash.seed", "");
        return seed.isEmpty() ? System.nanoTime() : Long.parseLong(seed);
    }

    @Before
    public void makeAFolder() throws IOException {
        Path work = Files.createDirectories(Path.of(System.getProperty("counterex.work")));
        folder = Files.createTempDirectory(work, "crash-");
        Files.copy(Jars.crash(), folder.resolve("client.jar"));
    }

    @Test
    public void process_killedAtRandom_hasKeptWhatWasDurable() throws Exception {
        int early = 0;
        for (int i = 0; i < KILLS; i++) {
            try (CrashVictim victim = new CrashVictim(folder, CrashClient.EVERYTHING, false, ledger)) {
                if (i > 0 && random.nextInt(EARLY) == 0) {
                    early++;
                    victim.awaitLines(random.nextInt(150));
                } else {
                    victim.awaitBegin();
                    victim.awaitTime(random.nextInt(MOST_MS));
                }
                victim.kill();
            }
            check("kill " + i);
        }
        look(CrashClient.EVERYTHING);
        System.out.println("Crash: " + KILLS + " kills at random, " + early + " of them at the start, " + ledger.calls()
                + " acknowledgements, " + ledger.unwritten() + " moves not written in time, longest loss of interval "
                + ledger.longestWindowMs() + " ms, seed " + SEED);
    }

    @Test
    public void move_killedAtEachStep_losesNothingThatWasDurableAndDoublesNothing() throws Exception {
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
        int met = killAt(in, "in") + killAt(out, "out");
        look(CrashClient.MOVES);
        System.out.println("Crash: " + in.size() + " and " + out.size()
                + " steps of a move into the file and out of it, " + met + " kills at one of them, seed " + SEED);
    }

    private List<String> recorded(CrashSteps steps, CrashVictim victim, String where) throws Exception {
        steps.record();
        victim.move(where);
        awaitMoved(where);
        return steps.recorded();
    }

    private void awaitMoved(String where) {
        Await.until(() -> ledger.isMoved(where), () -> "it is not moved " + where + ": " + ledger.problems());
    }

    private int killAt(List<String> all, String where) throws Exception {
        List<String> chosen = new ArrayList<>(all);
        Collections.shuffle(chosen, random);
        int met = 0;
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
                        met++;
                        if (!whole) {
                            victim.awaitTime(random.nextInt(100));
                        }
                    }
                    victim.kill();
                }
            }
            check("kill at " + step + (whole ? "" : ", others went on"));
        }
        return met;
    }

    /** Has one more life look at what the last has left. */
    private void look(String load) throws Exception {
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
