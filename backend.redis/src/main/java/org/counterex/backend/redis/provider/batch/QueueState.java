package org.counterex.backend.redis.provider.batch;

import java.util.List;

/**
 * What a queue has to hand to its successor in the next process.
 *
 * @param session of the batches of this queue; a process that has restored several states has several sessions
 * @param acknowledged number of the last acknowledged batch
 * @param uncertain the batch that may have been applied; null if there is none
 * @param guaranteed operations that were acknowledged to callers and have not been sent
 */
public record QueueState(
        String namespace, int index, String session, long acknowledged, Batch uncertain, List<Operation> guaranteed) {}
