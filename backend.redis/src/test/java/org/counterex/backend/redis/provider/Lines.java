package org.counterex.backend.redis.provider;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** The lines that were logged. */
final class Lines {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** A log that writes here. */
    Log log() {
        Logger logger = (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    lines.add(method.getName() + " " + arguments[1]);
                    return null;
                });
        LoggerFactory factory = (LoggerFactory) Proxy.newProxyInstance(
                LoggerFactory.class.getClassLoader(),
                new Class<?>[] {LoggerFactory.class},
                (proxy, method, arguments) -> logger);
        return new Log(() -> factory);
    }

    /** Those that have a text in them. */
    List<String> with(String text) {
        return lines.stream().filter(line -> line.contains(text)).toList();
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
