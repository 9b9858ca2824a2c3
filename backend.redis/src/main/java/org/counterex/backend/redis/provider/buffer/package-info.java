/**
 * Additions that are buffered in this process before they become operations, and the file of what could not be sent.
 * Start with {@link org.counterex.backend.redis.provider.buffer.WriteBuffer}; {@link
 * org.counterex.backend.redis.provider.buffer.Flusher} empties it. Depends on the batch package.
 */
package org.counterex.backend.redis.provider.buffer;
