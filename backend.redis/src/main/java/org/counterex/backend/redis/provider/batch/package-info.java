/**
 * Operations in queues, and their delivery to the server in numbered batches, each applied exactly once. Start with
 * {@link org.counterex.backend.redis.provider.batch.BatchQueue}, then {@link
 * org.counterex.backend.redis.provider.batch.BatchSender} and {@code batch.lua}. Depends on the client package.
 */
package org.counterex.backend.redis.provider.batch;
