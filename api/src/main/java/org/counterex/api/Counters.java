package org.counterex.api;

import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service everybody injects. It <em>is</em> the namespace {@value #DEFAULT_NAMESPACE} and gives every other one.
 *
 * <p>Threads, range, precision and errors are those of {@link CounterNamespace}. Everything that comes from this
 * service refuses with {@link NoBackendException} once the service is gone; take the new service then.
 */
@ProviderType
public interface Counters extends CounterNamespace {

    /** The namespace that this service itself is. */
    String DEFAULT_NAMESPACE = "default";

    /**
     * A namespace. It needs no creation; asking for one stores no counter.
     *
     * @throws IllegalArgumentException the name is null, empty, longer than {@value CounterNames#MAX_LENGTH} characters
     *     or no well-formed UTF-16
     */
    CounterNamespace namespace(String name);

    /**
     * The names of all namespaces that have a counter at present.
     *
     * @return a new set, the caller's own
     */
    Set<String> namespaces();
}
