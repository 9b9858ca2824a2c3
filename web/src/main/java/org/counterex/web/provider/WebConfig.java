package org.counterex.web.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the web server, for tools; {@link WebSettings} reads the values strictly. */
@ObjectClassDefinition(name = "CounterEx web", description = "Web page, JSON API and metrics over HTTP")
public @interface WebConfig {

    String PID = "org.counterex.web";

    @AttributeDefinition(
            name = "Token",
            description = "Token that a request must carry to change anything, 16 characters or more; on loopback a"
                    + " random token is generated if none is configured",
            type = AttributeType.PASSWORD,
            required = false)
    String token();

    @AttributeDefinition(
            name = "User",
            description = "User name accepted with the password instead of the token",
            required = false)
    String user();

    @AttributeDefinition(
            name = "Password",
            description = "Password of the user, 8 characters or more",
            type = AttributeType.PASSWORD,
            required = false)
    String password();

    @AttributeDefinition(
            name = "Reads",
            description =
                    "open: reading requires no token; token: reading requires the token, too. The default is open on"
                            + " loopback and token elsewhere",
            required = false)
    String reads();

    @AttributeDefinition(
            name = "Hosts",
            description = "Host names of the server that requests may use; on loopback, in addition to localhost",
            required = false)
    String[] hosts();

    @AttributeDefinition(
            name = "Maximum streams",
            description = "Maximum number of concurrent event streams, 1 to 100,000")
    int maxStreams() default 1000;

    @AttributeDefinition(
            name = "Metrics include",
            description =
                    "Counters that a scrape contains: globs for namespaces, each optionally with a slash and a glob for"
                            + " keys; all counters if empty",
            required = false)
    String[] metricsInclude();

    @AttributeDefinition(
            name = "Metrics exclude",
            description = "Counters that a scrape does not contain, in the same form",
            required = false)
    String[] metricsExclude();

    @AttributeDefinition(
            name = "Metrics limit",
            description =
                    "Maximum number of counters in a scrape; counterex_scrape_truncated is 1 if the limit has cut it")
    long metricsLimit() default 1000000;
}
