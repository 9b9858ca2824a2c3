package org.counterex.api;

import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The counter service: the entry point for callers. It is itself the namespace {@value #DEFAULT_NAMESPACE} and returns
 * all others.
 *
 * <p><b>Threads, range, precision, errors.</b> As for {@link CounterNamespace}.
 *
 * <p><b>Swapping.</b> Namespaces and handles obtained from this service remain valid while backends come and go. Once
 * the service itself is unregistered, every method of every object obtained from it throws {@link NoBackendException};
 * obtain new objects from its successor.
 */
@ProviderType
public interface Counters extends CounterNamespace {

    /** The name of the namespace that this service itself is. */
    String DEFAULT_NAMESPACE = "default";

    /**
     * Returns a namespace. A namespace need not be created and this call stores nothing.
     *
     * @throws IllegalArgumentException the name is null, empty, longer than {@value CounterNames#MAX_LENGTH} characters
     *     or not well-formed UTF-16
     */
    CounterNamespace namespace(String name);

    /**
     * Returns the names of all namespaces that have at least one counter at present.
     *
     * @return a new set, which the caller may modify
     */
    Set<String> namespaces();
}
