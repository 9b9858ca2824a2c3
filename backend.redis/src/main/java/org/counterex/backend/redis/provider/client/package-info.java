/**
 * Connections to a server or cluster, and the commands that the backend needs. Start with {@link
 * org.counterex.backend.redis.provider.client.RedisClient}; {@link
 * org.counterex.backend.redis.provider.client.ClusterTopology} finds the node of a key. Depends on Jedis alone and
 * knows nothing of batches.
 */
package org.counterex.backend.redis.provider.client;
