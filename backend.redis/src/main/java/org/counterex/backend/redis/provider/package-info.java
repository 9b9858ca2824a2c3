/** Counters that many processes count into one Redis, each of them exactly once. */
package org.counterex.backend.redis.provider;
