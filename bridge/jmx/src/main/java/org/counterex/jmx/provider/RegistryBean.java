package org.counterex.jmx.provider;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntSupplier;
import javax.management.JMException;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.api.admin.MoveDTO;

/** MBean of the registry. Reads the registry at each call and caches nothing. Thread-safe. */
final class RegistryBean implements RegistryMXBean {

    private static final int MOVES = 100;

    private final Counters counters;
    private final BackendRegistry registry;
    private final IntSupplier namespaceBeans;

    RegistryBean(Counters counters, BackendRegistry registry, IntSupplier namespaceBeans) {
        this.counters = counters;
        this.registry = registry;
        this.namespaceBeans = namespaceBeans;
    }

    @Override
    public int getNamespaces() {
        return counters.namespaces().size();
    }

    @Override
    public int getNamespaceBeans() {
        return namespaceBeans.getAsInt();
    }

    @Override
    public int getMaxNamespaceBeans() {
        return MBeanRegistrar.MAX_BEANS;
    }

    @Override
    public boolean isNamespaceBeansTruncated() {
        return getNamespaces() > MBeanRegistrar.MAX_BEANS;
    }

    @Override
    public List<String> getBackends() {
        return registry.backends().stream().map(Formats::line).toList();
    }

    @Override
    public List<String> getRoutes() {
        return registry.routes().stream().map(Formats::line).toList();
    }

    @Override
    public List<String> getMoves() {
        List<MoveDTO> last = new ArrayList<>(registry.moves(0, MOVES));
        Collections.reverse(last);
        return last.stream().map(Formats::line).toList();
    }

    private NamespaceBean namespace(String name) throws JMException {
        return Formats.resultOf(() -> new NamespaceBean(name, counters, registry));
    }

    @Override
    public Long get(String namespace, String key) throws JMException {
        return namespace(namespace).get(key);
    }

    @Override
    public long set(String namespace, String key, long value) throws JMException {
        return namespace(namespace).set(key, value);
    }

    @Override
    public long reset(String namespace, String key) throws JMException {
        return namespace(namespace).reset(key);
    }

    @Override
    public String swap(String namespace, String backend) throws JMException {
        return namespace(namespace).swap(backend);
    }

    @Override
    public String explain(String namespace) throws JMException {
        return Formats.resultOf(() -> Formats.line(registry.explain(namespace)));
    }
}
