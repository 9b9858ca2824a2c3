package org.example.ratelimiter;

import org.apache.felix.service.command.Descriptor;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.counterex.api.require.RequireCounters;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Lets each client do something so many times in each window of time.
 *
 * <p>The counter of a client holds the window in which it came last, and how often in that one. It is looked at and changed by
 * compare-and-swap, so no more than so many pass, however many threads ask for the same client at the same time and wherever its namespace
 * is moved meanwhile; with a backend that is shared, over all processes together. A clock that is set back opens no window again.
 */
@Component(
        service = RateLimiter.class,
        immediate = true,
        configurationPid = "org.example.ratelimiter",
        property = {"osgi.command.scope=limit", "osgi.command.function=allow"})
@RequireCounters
@Designate(ocd = RateLimiter.Config.class)
public final class RateLimiter {

    @ObjectClassDefinition(name = "Example: rate limiter")
    @interface Config {
        @AttributeDefinition(min = "1", max = "1048575")
        int limit() default 10;

        @AttributeDefinition(min = "1")
        long windowMs() default 60_000;
    }

    /** How many bits of a counter tell how often. */
    private static final int BITS = 20;

    private final CounterNamespace clients;
    private final int limit;
    private final long windowMs;

    @Activate
    public RateLimiter(@Reference Counters counters, Config config) {
        if (config.limit() < 1 || config.limit() >= 1 << BITS || config.windowMs() < 1) {
            throw new IllegalArgumentException("limit=" + config.limit() + " windowMs=" + config.windowMs()
                    + " wanted=1.." + ((1 << BITS) - 1) + ", 1 or more");
        }
        clients = counters.namespace("ratelimiter");
        limit = config.limit();
        windowMs = config.windowMs();
    }

    /** Whether a client may, now. */
    public boolean allow(String client) {
        long now = System.currentTimeMillis() / windowMs;
        for (; ; ) {
            long met = clients.get(client).orElse(0);
            long window = Math.max(now, met >> BITS);
            long times = window == met >> BITS ? met & (1 << BITS) - 1 : 0;
            if (times >= limit) {
                return false;
            }
            if (clients.compareAndSwap(client, met, window << BITS | times + 1).swapped()) {
                return true;
            }
        }
    }

    @Descriptor("ask so many times whether a client may; show how often it might")
    public String allow(String client, int times) {
        int allowed = 0;
        for (int i = 0; i < times; i++) {
            allowed += allow(client) ? 1 : 0;
        }
        return allowed + " of " + times;
    }
}
