package org.counterex.api;

/**
 * Thrown when no backend serves the namespace, or the service has stopped. The call had no effect; retrying it is safe.
 */
public final class NoBackendException extends CounterException {

    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param problem lower case, for instance {@code no backend is active}
     */
    public NoBackendException(String problem, String namespace) {
        super(problem + ": namespace=" + CounterNames.printable(namespace), namespace, null);
    }
}
