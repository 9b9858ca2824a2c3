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

/** Backends on one server or cluster, each as if in a runtime of its own, with what they have in common. */
final class OnServer implements AutoCloseable {

    /** What the backends have logged. */
    final Lines log = new Lines();

    final Path folder;

    private final Map<String, String> common = new HashMap<>();
    private final Queue<RedisBackend> open = new ConcurrentLinkedQueue<>();

    /** @param settings keys and values that all have */
    OnServer(String uri, String... settings) {
        common.put("uri", uri);
        common.put("responseTimeoutMs", "10000"); // enough on a machine that has other things to do
        put(common, settings);
        try {
            folder = Files.createTempDirectory("counterex-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static OnServer on(int port, String... settings) {
        return new OnServer("redis://127.0.0.1:" + port, settings);
    }

    private static void put(Map<String, String> map, String... settings) {
        for (int i = 0; i < settings.length; i += 2) {
            map.put(settings[i], settings[i + 1]);
        }
    }

    /** @param settings keys and values that this one has beside those of all */
    RedisBackend open(String name, String... settings) {
        Map<String, String> own = new HashMap<>(common);
        put(own, settings);
        try {
            RedisBackend backend = new RedisBackend(
                    name,
                    RedisSettings.of(new Settings(own)),
                    unsent(name),
                    new ServiceLog("test", log::service),
                    () -> {});
            open.add(backend);
            return backend;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the backend of this name leaves what it could not send. */
    Path unsent(String name) {
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
