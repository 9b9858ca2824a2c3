package org.counterex.tck;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** Lines logged by a backend under test, each preceded by its level. For any number of threads. */
public final class Lines {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** Returns a log service that collects the second argument of each call, as in {@code info("{}", message)}. */
    public LoggerFactory service() {
        Logger logger = (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    lines.add(method.getName() + " " + arguments[1]);
                    return null;
                });
        return (LoggerFactory) Proxy.newProxyInstance(
                LoggerFactory.class.getClassLoader(),
                new Class<?>[] {LoggerFactory.class},
                (proxy, method, arguments) -> logger);
    }

    /** Returns the lines that contain a text. */
    public List<String> with(String text) {
        return lines.stream().filter(line -> line.contains(text)).toList();
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
