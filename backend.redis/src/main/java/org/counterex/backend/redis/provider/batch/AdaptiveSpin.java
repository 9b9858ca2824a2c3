package org.counterex.backend.redis.provider.batch;

/**
 * Spinning of callers before they park, adapted to how fast the server responds.
 *
 * <p>Callers that spin keep at most all processors busy, yielding to every other thread, until the reply arrives;
 * callers that park have to be woken one by one. The last batch decides which of these costs less.
 */
public final class AdaptiveSpin {

    /** Approximate cost of parking and waking a thread. */
    private static final long PARK_COST_NS = 30_000;

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    /** How long a caller spins; 0 if it parks at once. */
    private volatile long limitNs;

    /** Spins until the operation has a result or the limit is reached. */
    public void spinBeforePark(Operation operation) {
        long limit = limitNs;
        long startNs = System.nanoTime();
        while (!operation.result.isDone() && System.nanoTime() - startNs < limit) {
            Thread.yield();
        }
    }

    /** Adapts the limit to a batch that was answered in this time. */
    void adapt(int callers, long responseNs) {
        long savedNs = callers * PARK_COST_NS / Math.max(1, Math.min(callers, PROCESSORS));
        limitNs = responseNs <= savedNs
                ? 2 * savedNs
                : 0; // twice, as most callers come while an earlier batch is in progress
    }

    /** Lets callers park at once, until a batch is answered. */
    void disable() {
        limitNs = 0;
    }
}
