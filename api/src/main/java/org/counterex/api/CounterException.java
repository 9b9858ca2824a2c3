package org.counterex.api;

import org.jspecify.annotations.Nullable;

/** The root of what counters throw besides {@link IllegalArgumentException}. */
public abstract sealed class CounterException extends RuntimeException
        permits NoBackendException,
                BackendUnavailableException,
                CapacityExceededException,
                CounterOverflowException,
                MoveRefusedException {

    private static final long serialVersionUID = 1;

    private final String namespace;

    CounterException(String message, String namespace, @Nullable Throwable cause) {
        super(message, cause);
        this.namespace = namespace;
    }

    /** The namespace that was addressed. */
    public final String namespace() {
        return namespace;
    }
}
