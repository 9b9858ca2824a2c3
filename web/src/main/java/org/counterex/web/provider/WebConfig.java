package org.counterex.web.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What can be configured of the page and its API, for tools; the values are read strictly by {@link WebSettings}. */
@ObjectClassDefinition(name = "CounterEx web", description = "The page, the JSON API and what it streams, over HTTP")
public @interface WebConfig {

    String PID = "org.counterex.web";

    @AttributeDefinition(
            name = "Token",
            description = "What a request has to carry to change anything, 16 characters or more; on loopback a random"
                    + " one is made if none is given",
            type = AttributeType.PASSWORD,
            required = false)
    String token();

    @AttributeDefinition(name = "User", description = "Who may do the same with a password instead", required = false)
    String user();

    @AttributeDefinition(
            name = "Password",
            description = "Of the user, 8 characters or more",
            type = AttributeType.PASSWORD,
            required = false)
    String password();

    @AttributeDefinition(
            name = "Reads",
            description =
                    "open: who reaches the server may look; token: only who may change things may look, too. open on"
                            + " loopback and token elsewhere if it is not given",
            required = false)
    String reads();

    @AttributeDefinition(
            name = "Hosts",
            description = "Names by which the server may be called; on loopback, those beside localhost",
            required = false)
    String[] hosts();

    @AttributeDefinition(name = "Most streams", description = "Event streams at a time, 1 to 100,000")
    int maxStreams() default 1000;

    @AttributeDefinition(
            name = "Metrics include",
            description =
                    "Counters that a scrape has: globs of namespaces, or of namespaces and keys with a slash between; all"
                            + " if none is given",
            required = false)
    String[] metricsInclude();

    @AttributeDefinition(
            name = "Metrics exclude",
            description = "Counters that a scrape has not, in the same form",
            required = false)
    String[] metricsExclude();

    @AttributeDefinition(
            name = "Metrics limit",
            description = "Counters that a scrape has at most; what it cuts is told by counterex_scrape_truncated")
    long metricsLimit() default 1000000;
}
