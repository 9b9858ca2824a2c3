package org.counterex.itest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.counterex.api.Counters;
import org.counterex.api.MoveRefusedException;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.RouteDTO;
import org.counterex.api.backend.CounterBackend;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/**
 * Random operations on a framework in which counters are in use. The bundles of {@code ets}, {@code counters} and a
 * third-party backend are managed directly; {@code atomics} is one file in the drop folder, or two of different
 * versions.
 */
final class Chaos {

    private static final String PREFIX = "org.counterex.backend.";
    private static final String COUNTERS = PREFIX + "counters";
    private static final String ATOMICS = PREFIX + "atomics";
    private static final String MAP = "org.example.counters";
    private static final String REGISTRY = "org.counterex.registry";
    private static final String GARBAGE = "garbage";

    private static final List<String> TYPES = List.of("ets", "atomics", "counters");
    private static final List<String> GLOBS =
            List.of("*", "own-*", "own-?-a", "own-0-*", "num*", "sums", "d*", "b?g", "quiet");
    private static final List<String> WORDS = List.of("ets", "atomics", "counters", "map", "second", "small");
    private static final List<String> FILTERS = List.of(
            "(counterex.backend=ets)",
            "(counterex.backend=atomics)",
            "(counterex.backend=counters)",
            "(counterex.backend=map)",
            "(counterex.name=second)",
            // Not a retaining backend either: calls are rejected while it is detached, which these writers do not
            // expect.
            "(&(!(counterex.backend=ets))(!(counterex.retention=local)))");

    private final Platform platform;
    private final DropFolder folder;
    private final SoakRecord record;
    private final Random random;

    /** The content of the drop folder: file name to the jar it is a copy of. */
    private final Map<String, Object> files;

    Chaos(Platform platform, SoakRecord record) {
        this.platform = platform;
        this.record = record;
        folder = new DropFolder(platform);
        files = record.part("files");
        random = (Random) record.part("chaos").computeIfAbsent("random", absent -> new Random(record.seed() - 1));
    }

    /** Sets up a third-party backend, a small instance, and a file in the drop folder. */
    void begin() throws Exception {
        platform.configure(ATOMICS + ".instance~small", Map.of("capacity", 128, "ranking", -1));
        platform.install(jar(MAP));
        platform.bundle(ATOMICS).uninstall();
        drop("one.jar", ATOMICS);
    }

    /** Enables or disables the backend {@code counters}, whose returned values need not be exact. */
    void enableCounters(boolean enabled) throws Exception {
        Optional<Bundle> bundle = platform.find(COUNTERS);
        if (bundle.isEmpty()) {
            if (enabled) {
                platform.install(jar(COUNTERS));
            }
        } else if (enabled) {
            bundle.get().start();
        } else {
            bundle.get().stop();
        }
    }

    /**
     * Performs one operation; its effects may continue after the return.
     *
     * @param striped whether the backend {@code counters} is enabled
     */
    void step(boolean striped) throws Exception {
        switch (random.nextInt(64)) {
            case 0, 1 -> registry(striped);
            case 2 -> restart("org.apache.felix.scr");
            case 3 -> restart("org.apache.felix.configadmin");
            case 4, 5, 6, 7 -> configureDefaultInstance();
            case 8, 9, 10, 11 -> configureFurtherInstance();
            case 12 -> configureThirdParty();
            case 13, 14, 15, 16 -> configureRoute();
            case 17, 18, 19, 20, 21 -> route();
            case 22, 23, 24, 25, 26 -> unroute();
            case 27, 28, 29 -> swap();
            default -> backend(striped);
        }
    }

    private void backend(boolean striped) throws Exception {
        if (random.nextInt(4) == 0) {
            file();
        } else {
            bundle(striped);
        }
    }

    private void bundle(boolean striped) throws Exception {
        String name = any(striped ? List.of(PREFIX + "ets", MAP, COUNTERS) : List.of(PREFIX + "ets", MAP));
        Optional<Bundle> found = platform.find(name);
        if (found.isEmpty()) {
            record.step("install " + name);
            platform.install(jar(name));
            return;
        }
        Bundle bundle = found.get();
        if (bundle.getState() != Bundle.ACTIVE) {
            record.step("start " + name);
            bundle.start();
            return;
        }
        switch (random.nextInt(12)) {
            case 0 -> {
                record.step("stop " + name);
                bundle.stop();
            }
            case 1 -> {
                record.step("refresh " + name);
                platform.refresh(bundle);
            }
            case 2 -> {
                record.step("uninstall " + name);
                bundle.uninstall();
            }
            default -> update(bundle);
        }
    }

    private void update(Bundle bundle) throws BundleException, IOException {
        String name = bundle.getSymbolicName();
        String jar = random.nextBoolean() ? name : name + "-other";
        record.step("update " + name + " to " + jar);
        if (bundle.getRegisteredServices() != null) {
            record.count("updates", 1);
        }
        platform.update(bundle, jar(jar));
    }

    private void file() throws Exception {
        String name = random.nextInt(4) == 0 ? "two.jar" : "one.jar";
        Object there = files.get(name);
        int choice = random.nextInt(8);
        if (choice == 0 && there != null) {
            record.step("delete " + name);
            files.remove(name);
            folder.delete(name);
        } else if (choice == 1) {
            record.step("corrupt " + name);
            files.put(name, GARBAGE);
            folder.corrupt(name);
        } else {
            // The framework rejects a second bundle of the same version.
            Object sibling = files.get(name.equals("one.jar") ? "two.jar" : "one.jar");
            String other = ATOMICS + "-other";
            drop(
                    name,
                    ATOMICS.equals(sibling) ? other : other.equals(sibling) ? ATOMICS : any(List.of(ATOMICS, other)));
        }
    }

    private void drop(String name, String jar) throws IOException {
        record.step("drop " + jar + " as " + name);
        Object former = files.put(name, jar);
        if (former != null && !former.equals(GARBAGE)) {
            record.count("updates", 1);
        }
        folder.drop(jar(jar), name);
    }

    private void configureDefaultInstance() throws IOException {
        String type = any(TYPES);
        configure(PREFIX + type, type);
    }

    private void configureFurtherInstance() throws IOException {
        String type = any(TYPES);
        configure(PREFIX + type + ".instance~second", type);
    }

    private void configure(String pid, String type) throws IOException {
        switch (random.nextInt(6)) {
            case 0 -> configure(pid, Map.of("ranking", "high"));
            case 1 -> configure(pid, Map.of("ranking", random.nextInt(10)));
            case 2 -> configure(pid, Map.of("namespaces", any(GLOBS)));
            case 3 ->
                configure(
                        pid, type.equals("ets") ? Map.of("ranking", 7) : Map.of("capacity", 100 + random.nextInt(400)));
            default -> {
                record.step("delete configuration " + pid);
                platform.deleteConfiguration(pid);
            }
        }
    }

    private void configure(String pid, Map<String, ?> properties) throws IOException {
        record.step("configure " + pid + " " + properties);
        platform.configure(pid, properties);
    }

    private void configureThirdParty() throws IOException {
        configure("org.example.counters.MapBackend", Map.of(CounterBackend.NAMESPACES, any(GLOBS)));
    }

    private void configureRoute() throws IOException {
        String pid = BackendRegistry.ROUTE_PID + "~" + random.nextInt(3);
        switch (random.nextInt(4)) {
            case 0 -> {
                record.step("delete configuration " + pid);
                platform.deleteConfiguration(pid);
            }
            case 1 -> configure(pid, Map.of("namespaces", "*", "target", "((counterex.backend=ets"));
            default ->
                configure(
                        pid,
                        Map.of(
                                "namespaces", any(GLOBS) + "," + any(GLOBS),
                                "target", any(FILTERS),
                                "ranking", random.nextInt(3)));
        }
    }

    private void route() {
        String glob = any(GLOBS);
        String filter = any(FILTERS);
        record.step("route " + glob + " to " + filter);
        admin().route(glob, filter);
    }

    private void unroute() {
        List<String> globs = admin().routes().stream()
                .map((RouteDTO route) -> any(route.namespaces))
                .toList();
        if (!globs.isEmpty()) {
            String glob = any(globs);
            record.step("unroute " + glob);
            try {
                admin().unroute(glob);
            } catch (IllegalArgumentException e) {
                record.count("unroute found no such route", 1); // the configuration was deleted a moment ago
            }
        }
    }

    private void swap() {
        List<String> names = admin().namespaces().stream()
                .map(namespace -> namespace.namespace)
                .toList();
        String name = any(names);
        String word = any(WORDS);
        record.step("swap " + name + " to " + word);
        try {
            admin().swap(name, word);
        } catch (IllegalArgumentException e) {
            record.count("swap found no such backend", 1);
        } catch (MoveRefusedException e) {
            record.count("swap was refused", 1); // the move log shows whether it had a reason
        }
    }

    private BackendRegistry admin() {
        return platform.service(BackendRegistry.class);
    }

    private void registry(boolean striped) throws Exception {
        Bundle bundle = platform.bundle(REGISTRY);
        record.count("registry restarts", 1);
        switch (random.nextInt(5)) {
            case 0 -> {
                record.step("stop registry");
                bundle.stop();
                for (int i = random.nextInt(3); i > 0; i--) {
                    backend(striped);
                }
                record.step("start registry");
                bundle.start();
            }
            case 1 -> {
                record.step("update registry");
                platform.update(bundle, jar(random.nextBoolean() ? REGISTRY : REGISTRY + "-other"));
            }
            case 2 -> {
                record.step("refresh registry");
                platform.refresh(bundle);
            }
            case 3 -> {
                record.step("uninstall and install registry");
                bundle.uninstall();
                platform.install(jar(REGISTRY));
            }
            default -> {
                Counters before = platform.service(Counters.class);
                // A different value each time; an unchanged configuration has no effect.
                configure(BackendRegistry.PID, Map.of("callTimeoutMs", 5_000 + record.figure("registry restarts")));
                Await.until(() -> platform.service(Counters.class) != before, () -> "the service was not replaced");
            }
        }
    }

    private void restart(String name) throws BundleException {
        record.step("stop and start " + name);
        platform.bundle(name).stop();
        platform.bundle(name).start();
    }

    private Path jar(String name) {
        return platform.folder(Container.JARS).resolve(name + ".jar");
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
