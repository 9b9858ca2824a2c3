package org.counterex.registry.provider.placement;

import java.math.BigInteger;
import java.util.concurrent.atomic.LongAdder;
import org.counterex.api.admin.MoveDTO;

/** Move of one namespace while it is under way: counts what is transferred, by any thread, and records why it fails. */
public final class OngoingMove {

    private final String namespace;
    private final String from;
    private final String to;
    private final String cause;
    private final boolean lastResort;
    private final long time = System.currentTimeMillis();
    private final long startedAt = System.nanoTime();
    private final LongAdder counters = new LongAdder();

    /** The sum of the values, in two halves of 32 bits, so that neither overflows. */
    private final LongAdder high = new LongAdder();

    private final LongAdder low = new LongAdder();

    private volatile String failure;
    private volatile String remark = "";

    public OngoingMove(String namespace, String from, String to, String cause) {
        this(namespace, from, to, cause, false);
    }

    /** @param lastResort whether the move goes on without counters that cannot be transferred */
    public OngoingMove(String namespace, String from, String to, String cause, boolean lastResort) {
        this.lastResort = lastResort;
        this.namespace = namespace;
        this.from = from;
        this.to = to;
        this.cause = cause;
    }

    /** Records a counter that was transferred. */
    public void transferred(long value) {
        counters.increment();
        high.add(value >> 32);
        low.add(value & 0xffffffffL);
    }

    /** Records that the target cannot hold a counter, so that the move has to be undone. */
    public void fail(String reason) {
        if (failure == null && !lastResort) {
            failure = reason;
        }
    }

    /** Records that a counter could not be transferred, so that the move has to be undone. */
    public void fail(Throwable reason) {
        fail(reason.getMessage() == null ? reason.toString() : reason.getMessage());
    }

    /** Returns why the move has to be undone; null if it has not failed. */
    public String failure() {
        return failure;
    }

    /** Records a problem that does not make the move fail. */
    public void remark(String text) {
        remark = text;
    }

    public String remark() {
        return remark;
    }

    public MoveDTO record(MoveDTO.Outcome outcome, String reason) {
        MoveDTO dto = new MoveDTO();
        dto.time = time;
        dto.namespace = namespace;
        dto.from = from;
        dto.to = to;
        dto.cause = cause;
        dto.counters = counters.sum();
        dto.sum = BigInteger.valueOf(high.sum())
                .shiftLeft(32)
                .add(BigInteger.valueOf(low.sum()))
                .toString();
        dto.durationUs = (System.nanoTime() - startedAt) / 1000;
        dto.outcome = outcome;
        dto.reason = reason;
        return dto;
    }
}
