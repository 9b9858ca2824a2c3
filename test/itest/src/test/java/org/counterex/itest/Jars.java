package org.counterex.itest;

import static org.ops4j.pax.tinybundles.TinyBundles.bndBuilder;
import static org.ops4j.pax.tinybundles.TinyBundles.bundle;
import static org.ops4j.pax.tinybundles.TinyBundles.rawBuilder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarInputStream;
import org.example.counters.MapBackend;
import org.osgi.framework.Constants;

/** The packed bundles, and bundles that the tests build. For use outside the framework, where the build tools are. */
final class Jars {

    private Jars() {}

    /** Returns the bundles under test and their dependencies; {@code pom.xml} fills the folder. */
    static List<Path> packed() throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> folder =
                Files.newDirectoryStream(Path.of(System.getProperty("counterex.bundles")), "*.jar")) {
            folder.forEach(jars::add);
        }
        Collections.sort(jars);
        return jars;
    }

    /** Copies each bundle of this project, the bundles of the tests, and another version of each to a folder. */
    static void copyTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Path jar : packed()) {
            String name = jar.getFileName().toString();
            if (name.startsWith("org.counterex.")) {
                copyTo(Files.newInputStream(jar), folder, name.substring(0, name.indexOf('-')));
            }
        }
        copyTo(thirdParty(), folder, "org.example.counters");
        copyTo(client(), folder, "org.counterex.itest.client");
        copyTo(soak(), folder, "org.counterex.itest.soak");
    }

    private static void copyTo(InputStream content, Path folder, String name) throws IOException {
        Path jar = folder.resolve(name + ".jar");
        try (content) {
            Files.copy(content, jar);
        }
        try (InputStream other = anotherVersion(jar)) {
            Files.copy(other, folder.resolve(name + "-other.jar"));
        }
    }

    private static InputStream anotherVersion(Path jar) throws IOException {
        try (JarInputStream content = new JarInputStream(Files.newInputStream(jar))) {
            return bundle().readIn(content)
                    .setHeader(Constants.BUNDLE_VERSION, "0.1.99")
                    .build(rawBuilder());
        }
    }

    /** A bundle with one component, which has no other classes. */
    static InputStream component(Class<?> type) {
        return bundle().symbolicName(type.getName()).addClass(type).build(bndBuilder());
    }

    static InputStream thirdParty() {
        return bundle().symbolicName("org.example.counters")
                .addClass(MapBackend.class)
                .build(bndBuilder());
    }

    private static InputStream client() {
        return bundle().symbolicName("org.counterex.itest.client")
                .activator(Client.class)
                .addClass(Await.class)
                .addClass(Calls.class)
                .addClass(Client.class)
                .addClass(Ledger.class)
                .addClass(Writer.class)
                .addClass(Writers.class)
                .build(bndBuilder());
    }

    private static InputStream soak() {
        return bundle().symbolicName("org.counterex.itest.soak")
                .activator(Soak.class)
                .addClass(AuditTrail.class)
                .addClass(Await.class)
                .addClass(Workload.class)
                .addClass(Calls.class)
                .addClass(Chaos.class)
                .addClass(DropFolder.class)
                .addClass(MoveChain.class)
                .addClass(MoveLog.class)
                .addClass(NamedCounter.class)
                .addClass(NumberWorkload.class)
                .addClass(SingleWriter.class)
                .addClass(Platform.class)
                .addClass(ReadOnly.class)
                .addClass(Soak.class)
                .addClass(SoakRecord.class)
                .addClass(SoakWriter.class)
                .addClass(SumWorkload.class)
                .addClass(Trace.class)
                .build(bndBuilder());
    }

    /** Returns the bundle that counts in the process that is killed. */
    static InputStream crash() {
        return bundle().symbolicName("org.counterex.itest.crash")
                .activator(CrashClient.class)
                .addClass(Await.class)
                .addClass(CrashClient.class)
                .build(bndBuilder());
    }
}
