package org.counterex.itest;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** A log service that remembers the arguments of what it is told at level {@code INFO}. */
final class Logged {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    LoggerFactory service() {
        Logger logger = answering(Logger.class, (method, arguments) -> {
            if (method.getName().equals("info")) {
                lines.add(String.valueOf(arguments[arguments.length - 1]));
            }
            return method.getReturnType() == boolean.class ? false : null;
        });
        return answering(LoggerFactory.class, (method, arguments) -> logger);
    }

    private interface Answer {
        Object to(Method method, Object[] arguments);
    }

    private static <T> T answering(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method, arguments)));
    }

    List<String> lines() {
        return lines;
    }
}
