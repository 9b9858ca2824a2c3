package org.counterex.api;

/**
 * Thrown when a namespace was not moved, or was moved back, because the target cannot hold all of its counters. No
 * count was lost.
 */
public final class MoveRefusedException extends CounterException {

    private static final long serialVersionUID = 1;

    private final String target;

    /**
     * Creates the exception.
     *
     * @param target the label of the backend that was to receive the namespace
     * @param reason one line
     */
    public MoveRefusedException(String namespace, String target, String reason) {
        super(
                "move is refused: namespace=" + CounterNames.printable(namespace) + " to=" + target + " reason="
                        + reason,
                namespace,
                null);
        this.target = target;
    }

    /** Returns the label of the backend that was to receive the namespace. */
    public String target() {
        return target;
    }
}
