package org.counterex.api;

/** A namespace was not moved, or moved back: the target cannot hold all of its counters. No count was lost. */
public final class MoveRefusedException extends CounterException {

    private static final long serialVersionUID = 1;

    private final String target;

    /** @param target the backend that the namespace was to move to */
    public MoveRefusedException(String namespace, String target, String reason) {
        super(
                "move is refused: namespace=" + CounterNames.printable(namespace) + " to=" + target + " reason="
                        + reason,
                namespace,
                null);
        this.target = target;
    }

    /** The backend that the namespace was to move to. */
    public String target() {
        return target;
    }
}
