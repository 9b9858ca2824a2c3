/**
 * Backend whose counters are on a Redis or Valkey server and shared by many processes. Start with {@link
 * org.counterex.backend.redis.provider.RedisBackend}. Depends on the packages buffer, batch and client, in this order;
 * none of them refers back.
 */
package org.counterex.backend.redis.provider;
