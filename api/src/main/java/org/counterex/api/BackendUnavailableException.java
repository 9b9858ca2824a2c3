package org.counterex.api;

/** The backend that keeps the values of the namespace cannot answer now. */
public final class BackendUnavailableException extends CounterException {

    private static final long serialVersionUID = 1;

    private final boolean mayHaveBeenApplied;

    /**
     * @param problem lower case, for instance {@code backend has left and keeps its values}
     * @param mayHaveBeenApplied false if the call certainly had no effect
     * @param cause null if there is none
     */
    public BackendUnavailableException(String problem, String namespace, boolean mayHaveBeenApplied, Throwable cause) {
        super(
                problem + ": namespace=" + CounterNames.printable(namespace)
                        + (mayHaveBeenApplied ? " outcome=unknown" : " outcome=not applied"),
                namespace,
                cause);
        this.mayHaveBeenApplied = mayHaveBeenApplied;
    }

    /** Whether the call may have been applied all the same; if false, it was not and retrying is safe. */
    public boolean mayHaveBeenApplied() {
        return mayHaveBeenApplied;
    }
}
