package org.counterex.backend.redis.provider;

import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.counterex.api.CounterNames;

/**
 * What one call wants of the server, on its way there and back.
 *
 * <p>Somebody waits for the answer and may {@linkplain #giveUp give up}, or the backend {@linkplain #guarantee answers for it}:
 * then it counts as acknowledged, and is never dropped. Which of these it is, is decided once, by who completes the result
 * first.
 */
final class Operation {

    /** What the script can do with a counter. */
    enum Kind {
        GET(false),
        NOTHING(false),
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
    private static final CancellationException GIVEN_UP = new CancellationException();

    final Kind kind;
    final String key;
    final String first;
    final String second;

    /** The answer of the script; fails with what a caller is to be told, or because nobody waits. */
    final CompletableFuture<String> result = new CompletableFuture<>();

    private final long begun = System.nanoTime();
    private volatile boolean guaranteed;
    private volatile Consumer<String> done = answer -> {};

    private Operation(Kind kind, String key, String first, String second) {
        this.kind = kind;
        this.key = key;
        this.first = first;
        this.second = second;
    }

    static Operation get(String key) {
        return new Operation(Kind.GET, key, NONE, NONE);
    }

    /** Changes nothing; answered after all that was before it. */
    static Operation nothing() {
        return new Operation(Kind.NOTHING, NONE, NONE, NONE);
    }

    /** Changes no counter; the server is told of the namespace again. */
    static Operation announcement() {
        return new Operation(Kind.ANNOUNCEMENT, NONE, NONE, NONE);
    }

    static Operation add(String key, long step, long initial) {
        return new Operation(Kind.ADD, key, Long.toString(step), Long.toString(initial));
    }

    static Operation set(String key, long value) {
        return new Operation(Kind.SET, key, Long.toString(value), NONE);
    }

    static Operation swap(String key, long expected, long value) {
        return new Operation(Kind.SWAP, key, Long.toString(expected), Long.toString(value));
    }

    static Operation take(String key) {
        return new Operation(Kind.TAKE, key, NONE, NONE);
    }

    /** Takes a counter away whose value nobody wants. */
    static Operation delete(String key) {
        return new Operation(Kind.DELETE, key, NONE, NONE);
    }

    static Operation clear() {
        return new Operation(Kind.CLEAR, NONE, NONE, NONE);
    }

    /** As it was, from a file. */
    static Operation restored(Kind kind, String key, String first, String second) {
        return new Operation(kind, key, first, second);
    }

    boolean writes() {
        return kind.writes;
    }

    boolean announces() {
        return kind == Kind.ANNOUNCEMENT;
    }

    /** The name of the function in the script. */
    String code() {
        return (announces() ? Kind.NOTHING : kind).name().toLowerCase(Locale.ROOT);
    }

    /**
     * The backend answers for it, and nobody waits.
     *
     * @return false if the answer is there already, and the caller has it
     */
    boolean guarantee() {
        guaranteed = true; // before it is decided: who loses the decision sees it
        return giveUp();
    }

    /** An addition for which the backend answers from the beginning. */
    static Operation guaranteed(String key, long step) {
        Operation addition = add(key, step, 0);
        addition.guarantee();
        return addition;
    }

    /** Whether the backend answers for it; of use only to who could not complete the result. */
    boolean isOwed() {
        return guaranteed;
    }

    /** What to do with the answer, if nobody waits for it: when it was done, or empty when nobody will ever know. */
    Operation then(Consumer<String> action) {
        done = action;
        return this;
    }

    /** It is settled, and nobody waits. */
    void done(String answer) {
        done.accept(answer);
    }

    /** How much is left of so many nanoseconds since this was made; not below 0. */
    long leftOf(long ns) {
        return Math.max(0, ns - (System.nanoTime() - begun));
    }

    /**
     * Nobody waits for the result from now on.
     *
     * @return false if it is there already
     */
    boolean giveUp() {
        return result.completeExceptionally(GIVEN_UP);
    }

    @Override
    public String toString() {
        return Stream.of(code(), CounterNames.printable(key), first, second)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
