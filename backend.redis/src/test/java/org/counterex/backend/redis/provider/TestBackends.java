package org.counterex.backend.redis.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.counterex.support.config.Settings;
import org.counterex.support.log.ServiceLog;
import org.counterex.tck.Lines;

/** Backends on one server or cluster, each as if in a runtime of its own, with their common settings. */
final class TestBackends implements AutoCloseable {

    /** Log lines of all backends. */
    final Lines log = new Lines();

    final Path folder;

    private final Map<String, String> common = new HashMap<>();
    private final Queue<RedisBackend> open = new ConcurrentLinkedQueue<>();

    /** @param settings keys and values common to all backends */
    TestBackends(String uri, String... settings) {
        common.put("uri", uri);
        common.put("responseTimeoutMs", "10000"); // enough on a loaded machine
        put(common, settings);
        try {
            folder = Files.createTempDirectory("counterex-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TestBackends on(int port, String... settings) {
        return new TestBackends("redis://127.0.0.1:" + port, settings);
    }

    private static void put(Map<String, String> map, String... settings) {
        for (int i = 0; i < settings.length; i += 2) {
            map.put(settings[i], settings[i + 1]);
        }
    }

    /** @param settings keys and values of this backend, in addition to the common ones */
    RedisBackend open(String name, String... settings) {
        Map<String, String> own = new HashMap<>(common);
        put(own, settings);
        try {
            RedisBackend backend = new RedisBackend(
                    name,
                    RedisSettings.of(new Settings(own)),
                    pendingFile(name),
                    new ServiceLog("test", log::service),
                    () -> {});
            open.add(backend);
            return backend;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the pending file of the backend with this name. */
    Path pendingFile(String name) {
        return folder.resolve(name + ".unsent");
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(RedisBackend::close);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
