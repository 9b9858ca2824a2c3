package org.counterex.api;

import org.jspecify.annotations.Nullable;

/** Superclass of the exceptions that operations on counters throw, in addition to {@link IllegalArgumentException}. */
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

    /** Returns the name of the namespace that the operation addressed. */
    public final String namespace() {
        return namespace;
    }
}
