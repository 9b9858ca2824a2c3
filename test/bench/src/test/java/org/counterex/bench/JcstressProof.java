package org.counterex.bench;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Run of the tests of {@code org.counterex.bench.stress} in VMs of their own, with the profile {@code proof} only. */
public class JcstressProof {

    @Test
    public void jcstress_findsNoForbiddenOutcome() throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "jcstress"));
        Path output = folder.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-r",
                "report"));
        command.addAll(List.of(System.getProperty("counterex.proof.jcstress").split(" ")));
        int code = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        String log = Files.readString(output);
        String results = log.substring(Math.max(0, log.indexOf("RUN RESULTS:")));
        assertTrue(results, results.contains("Failed tests: No matches."));
        assertTrue(results, results.contains("Error tests: No matches."));
        assertEquals(results, 0, code);
    }
}
