package org.counterex.api;

/** Nothing serves the namespace at present. The call had no effect; retrying is safe. */
public final class NoBackendException extends CounterException {

    private static final long serialVersionUID = 1;

    /** @param problem lower case, for instance {@code no backend is active} */
    public NoBackendException(String problem, String namespace) {
        super(problem + ": namespace=" + CounterNames.printable(namespace), namespace, null);
    }
}
