package org.counterex.itest;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** Log service that records the messages of one logger at one level. */
final class Logged {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final String level;
    private final String name;

    /** @param level name of the method of {@link Logger} */
    Logged(String level) {
        this(level, "org.counterex.registry");
    }

    /**
     * @param level name of the method of {@link Logger}
     * @param name the name of the logger
     */
    Logged(String level, String name) {
        this.level = level;
        this.name = name;
    }

    LoggerFactory service() {
        Logger registry = logger(true);
        Logger others = logger(false);
        return proxy(LoggerFactory.class, (method, arguments) -> arguments[0].equals(name) ? registry : others);
    }

    private Logger logger(boolean records) {
        return proxy(Logger.class, (method, arguments) -> {
            if (records && method.getName().equals(level)) {
                lines.add(String.valueOf(arguments[1]) + cause(arguments));
            }
            return method.getReturnType() == boolean.class ? false : null;
        });
    }

    private static String cause(Object[] arguments) {
        return arguments.length > 2 && arguments[2] instanceof Throwable cause
                ? " " + cause + " at " + Arrays.toString(cause.getStackTrace())
                : "";
    }

    private interface Handler {
        Object handle(Method method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> handler.handle(method, arguments)));
    }

    List<String> lines() {
        return lines;
    }
}
