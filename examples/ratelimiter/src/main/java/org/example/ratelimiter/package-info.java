/**
 * Example of a service that is built on counters. Start with {@link org.example.ratelimiter.RateLimiter}; it depends on
 * the API of counters alone.
 */
@Export
@Version("1.0.0")
package org.example.ratelimiter;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
