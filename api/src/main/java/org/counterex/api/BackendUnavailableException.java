package org.counterex.api;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the backend that holds the values of a namespace cannot answer at present.
 *
 * <p>{@link #mayHaveBeenApplied} distinguishes a call that certainly had no effect, which is safe to retry, from one
 * whose outcome is unknown.
 */
public final class BackendUnavailableException extends CounterException {

    private static final long serialVersionUID = 1;

    private final boolean mayHaveBeenApplied;

    private BackendUnavailableException(
            String problem, String namespace, boolean mayHaveBeenApplied, @Nullable Throwable cause) {
        super(
                problem + ": namespace=" + CounterNames.printable(namespace)
                        + (mayHaveBeenApplied ? " outcome=unknown" : " outcome=not applied"),
                namespace,
                cause);
        this.mayHaveBeenApplied = mayHaveBeenApplied;
    }

    /**
     * Returns an exception for a call that had no effect: retrying it is safe.
     *
     * @param problem lower case, for instance {@code backend has left and retains the values}
     */
    public static BackendUnavailableException notApplied(String problem, String namespace) {
        return notApplied(problem, namespace, null);
    }

    /**
     * Returns an exception for a call that had no effect: retrying it is safe.
     *
     * @param problem lower case, for instance {@code backend has left and retains the values}
     * @param cause the failure that led to it
     */
    public static BackendUnavailableException notApplied(String problem, String namespace, @Nullable Throwable cause) {
        return new BackendUnavailableException(problem, namespace, false, cause);
    }

    /**
     * Returns an exception for a call that was applied, will be applied later, or neither: a retry may apply it twice.
     *
     * @param problem lower case, for instance {@code server does not answer in time}
     */
    public static BackendUnavailableException outcomeUnknown(String problem, String namespace) {
        return outcomeUnknown(problem, namespace, null);
    }

    /**
     * Returns an exception for a call that was applied, will be applied later, or neither: a retry may apply it twice.
     *
     * @param problem lower case, for instance {@code server does not answer in time}
     * @param cause the failure that led to it
     */
    public static BackendUnavailableException outcomeUnknown(
            String problem, String namespace, @Nullable Throwable cause) {
        return new BackendUnavailableException(problem, namespace, true, cause);
    }

    /** Returns whether the call may have been applied or may still take effect; if false, retrying it is safe. */
    public boolean mayHaveBeenApplied() {
        return mayHaveBeenApplied;
    }
}
