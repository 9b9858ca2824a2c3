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
 * Configuration Admin in memory, limited to what routes use. It sends no notifications; the test does. The integration
 * tests use the real service.
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

    @SuppressWarnings("unchecked") // the parameter of updateIfDifferent
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
