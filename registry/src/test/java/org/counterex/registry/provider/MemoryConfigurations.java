package org.counterex.registry.provider;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Configurations in memory, as far as routes need them, where there is no framework; nobody is told of changes but by the
 * test. With the real service routes are tested in a framework.
 */
public final class MemoryConfigurations {

    private final Map<String, Dictionary<String, ?>> stored = new ConcurrentHashMap<>();

    public void put(String pid, Dictionary<String, ?> properties) {
        stored.put(pid, properties);
    }

    public void remove(String pid) {
        stored.remove(pid);
    }

    public ConfigurationAdmin admin() {
        return proxy(ConfigurationAdmin.class, (self, method, arguments) -> switch (method.getName()) {
            case "listConfigurations" -> {
                var filter = FrameworkUtil.createFilter((String) arguments[0]);
                yield stored.keySet().stream()
                        .filter(pid -> filter.matches(Map.of(Constants.SERVICE_PID, pid)))
                        .map(this::configuration)
                        .toArray(Configuration[]::new);
            }
            case "getFactoryConfiguration" -> configuration(arguments[0] + "~" + arguments[1]);
            default -> throw new AssertionError(method);
        });
    }

    @SuppressWarnings("unchecked") // the parameter is a dictionary with names
    private Configuration configuration(String pid) {
        return proxy(Configuration.class, (self, method, arguments) -> switch (method.getName()) {
            case "getPid" -> pid;
            case "getProperties", "getProcessedProperties" -> stored.get(pid);
            case "updateIfDifferent" -> {
                put(pid, (Dictionary<String, ?>) arguments[0]);
                yield true;
            }
            case "delete" -> {
                remove(pid);
                yield null;
            }
            default -> throw new AssertionError(method);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
