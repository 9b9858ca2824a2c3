package org.counterex.backend.redis.provider.batch;

import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.counterex.api.CounterNames;

/**
 * One operation of the script, from the call that requests it to its result.
 *
 * <p>A caller waits for the result and may {@linkplain #abandon abandon} it, or the backend {@linkplain #guarantee
 * guarantees} the operation: then it counts as acknowledged and is never dropped. The thread that completes {@link
 * #result} first decides which of these holds.
 */
public final class Operation {

    /** The functions of the script. The pending file stores ordinals: append only. */
    public enum Kind {
        GET(false),
        NOOP(false),
        ANNOUNCEMENT(false),
        ADD(true),
        SET(true),
        SWAP(true),
        TAKE(true),
        DELETE(true),
        CLEAR(true);

        private final boolean writes;

        Kind(boolean writes) {
            this.writes = writes;
        }
    }

    private static final String NONE = "";
    private static final CancellationException ABANDONED = new CancellationException();

    public final Kind kind;
    public final String key;
    public final String first;
    public final String second;

    /** Result of the script; fails with the exception for the caller, or because no caller waits. */
    public final CompletableFuture<String> result = new CompletableFuture<>();

    private final long createdNs = System.nanoTime();
    private volatile boolean guaranteed;
    private volatile Consumer<String> settlementAction = result -> {};

    private Operation(Kind kind, String key, String first, String second) {
        this.kind = kind;
        this.key = key;
        this.first = first;
        this.second = second;
    }

    public static Operation get(String key) {
        return new Operation(Kind.GET, key, NONE, NONE);
    }

    /** Returns an operation that changes nothing, and completes after all that precede it in its queue. */
    public static Operation noop() {
        return new Operation(Kind.NOOP, NONE, NONE, NONE);
    }

    /** Returns an operation that changes no counter, before which the namespace is announced to the server again. */
    static Operation announcement() {
        return new Operation(Kind.ANNOUNCEMENT, NONE, NONE, NONE);
    }

    public static Operation add(String key, long step, long initial) {
        return new Operation(Kind.ADD, key, Long.toString(step), Long.toString(initial));
    }

    public static Operation set(String key, long value) {
        return new Operation(Kind.SET, key, Long.toString(value), NONE);
    }

    public static Operation swap(String key, long expected, long value) {
        return new Operation(Kind.SWAP, key, Long.toString(expected), Long.toString(value));
    }

    /** Returns an operation that removes a counter and returns its value. */
    public static Operation take(String key) {
        return new Operation(Kind.TAKE, key, NONE, NONE);
    }

    /** Returns an operation that removes a counter without returning its value. */
    public static Operation delete(String key) {
        return new Operation(Kind.DELETE, key, NONE, NONE);
    }

    public static Operation clear() {
        return new Operation(Kind.CLEAR, NONE, NONE, NONE);
    }

    /** Returns an addition that is guaranteed from the beginning. */
    public static Operation guaranteed(String key, long step) {
        Operation addition = add(key, step, 0);
        addition.guarantee();
        return addition;
    }

    /** Returns an operation read from a file: guaranteed, or abandoned because its caller has received an exception. */
    public static Operation restored(Kind kind, String key, String first, String second, boolean guaranteed) {
        Operation operation = new Operation(kind, key, first, second);
        if (guaranteed) {
            operation.guarantee();
        } else {
            operation.abandon();
        }
        return operation;
    }

    /** Returns whether the operation may change a counter, so that its effect is unknown after a timeout. */
    public boolean writes() {
        return kind.writes;
    }

    boolean announces() {
        return kind == Kind.ANNOUNCEMENT;
    }

    /** Returns the name of the function in the script. */
    String code() {
        return (announces() ? Kind.NOOP : kind).name().toLowerCase(Locale.ROOT);
    }

    /**
     * Makes the backend responsible for the operation; no caller waits for its result.
     *
     * @return false if the result is there already, and is the caller's
     */
    public boolean guarantee() {
        guaranteed = true; // first: a thread that fails to complete the result reads this afterwards
        return abandon();
    }

    /**
     * Returns whether the backend guarantees the operation; meaningful only to a thread that could not complete the
     * result.
     */
    public boolean isGuaranteed() {
        return guaranteed;
    }

    /** Sets the action that receives the result if no caller waits; it is empty if the outcome remains unknown. */
    public Operation onSettled(Consumer<String> action) {
        settlementAction = action;
        return this;
    }

    /** Runs the action for an operation that is finally settled and for which no caller waits. */
    public void settle(String result) {
        settlementAction.accept(result);
    }

    /** Returns how much is left of a timeout that began when this operation was created; not below 0. */
    public long remainingNs(long timeoutNs) {
        return Math.max(0, timeoutNs - (System.nanoTime() - createdNs));
    }

    /**
     * Ends the wait for the result.
     *
     * @return false if the result is there already
     */
    public boolean abandon() {
        return result.completeExceptionally(ABANDONED);
    }

    @Override
    public String toString() {
        return Stream.of(code(), CounterNames.printable(key), first, second)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
