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
 * Rate limiter that grants each client a limited number of permits per time window.
 *
 * <p>The counter of a client holds the last window in which it was granted a permit and the number of permits in that
 * window. It is updated by compare-and-swap, so that the limit holds however many threads request permits for the same
 * client and wherever its namespace is moved meanwhile; on a shared backend it holds for all processes together. A
 * clock that is set back does not reopen a window.
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

    /** Number of low bits of a counter that hold the number of permits. */
    private static final int PERMIT_BITS = 20;

    private final CounterNamespace clients;
    private final int limit;
    private final long windowMs;

    @Activate
    public RateLimiter(@Reference Counters counters, Config config) {
        if (config.limit() < 1 || config.limit() >= 1 << PERMIT_BITS || config.windowMs() < 1) {
            throw new IllegalArgumentException("invalid configuration: limit=" + config.limit() + " windowMs="
                    + config.windowMs() + " expected=1.." + ((1 << PERMIT_BITS) - 1) + ", 1 or more");
        }
        clients = counters.namespace("ratelimiter");
        limit = config.limit();
        windowMs = config.windowMs();
    }

    /** Requests one permit for a client and returns whether it was granted. */
    public boolean allow(String client) {
        long now = System.currentTimeMillis() / windowMs;
        for (; ; ) {
            long state = clients.get(client).orElse(0);
            long window = Math.max(now, state >> PERMIT_BITS);
            long permits = window == state >> PERMIT_BITS ? state & (1 << PERMIT_BITS) - 1 : 0;
            if (permits >= limit) {
                return false;
            }
            if (clients.compareAndSwap(client, state, window << PERMIT_BITS | permits + 1)
                    .swapped()) {
                return true;
            }
        }
    }

    @Descriptor("request permits for a client and show how many were granted")
    public String allow(String client, int requests) {
        int granted = 0;
        for (int i = 0; i < requests; i++) {
            granted += allow(client) ? 1 : 0;
        }
        return granted + " of " + requests;
    }
}
