package org.counterex.backend.redis.provider;

import org.counterex.support.config.BackendDescriptions;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Configuration of a {@link RedisBackend}, described for tools that show and edit it. */
@ObjectClassDefinition(
        name = "CounterEx backend: redis",
        description = "Counters on a Redis or Valkey server, shared by many runtimes")
public @interface RedisConfig {

    /** PID of the first instance, which exists only if it is configured. */
    String PID = "org.counterex.backend.redis";

    /** Calls wait for the server; their results include the additions of all runtimes. */
    String EXACT = "exact";

    /** Additions do not wait for the server; their results are estimates. */
    String BUFFERED = "buffered";

    @AttributeDefinition(name = "Name", description = BackendDescriptions.NAME, required = false)
    String name();

    @AttributeDefinition(name = "Namespaces", description = BackendDescriptions.NAMESPACES, required = false)
    String[] namespaces() default {};

    @AttributeDefinition(name = "Ranking", description = BackendDescriptions.RANKING)
    int ranking() default 0;

    @AttributeDefinition(
            name = "Server",
            description = "redis://[user:password@]host[:port][/database], or rediss:// for TLS",
            type = AttributeType.PASSWORD)
    String uri() default "redis://127.0.0.1:6379";

    @AttributeDefinition(
            name = "Nodes of a cluster",
            description =
                    "host:port of some nodes; the others are discovered. The setting Server then only says how to log in",
            required = false)
    String[] nodes() default {};

    @AttributeDefinition(
            name = "Trusted certificates",
            description = "File of trusted server certificates in PEM format; by default those that the JVM trusts",
            required = false)
    String trustedCertificates();

    @AttributeDefinition(
            name = "Connect timeout",
            description = "Timeout for opening a connection, in milliseconds",
            min = "1",
            max = "60000")
    int connectTimeoutMs() default 1_000;

    @AttributeDefinition(
            name = "Response timeout",
            description = "Timeout for replies and for calls that wait for them, in milliseconds;"
                    + " less than the timeout of the registry for backends",
            min = "1",
            max = "60000")
    int responseTimeoutMs() default 2_000;

    @AttributeDefinition(
            name = "Pool size",
            description = "Number of connections to each server",
            min = "1",
            max = "64")
    int poolSize() default 4;

    @AttributeDefinition(name = "Key prefix", description = "Prefix of all keys on the server; no braces")
    String keyPrefix() default "counterex:";

    @AttributeDefinition(
            name = "Buckets",
            description =
                    "Number of hashes that a namespace is spread over, so that several nodes of a cluster share it;"
                            + " the same for all runtimes with the same key prefix",
            min = "1",
            max = "16384")
    int buckets() default 1;

    @AttributeDefinition(
            name = "Mode",
            description = "exact: calls wait for the server; buffered: additions are sent at intervals",
            options = {@Option(EXACT), @Option(BUFFERED)})
    String mode() default EXACT;

    @AttributeDefinition(
            name = "Flush interval",
            description = "Interval between flushes of buffered additions, in milliseconds",
            min = "1",
            max = "3600000")
    long flushIntervalMs() default 100;

    @AttributeDefinition(
            name = "Maximum buffered",
            description = "Number of counters with buffered additions; further ones wait",
            min = "1",
            max = "100000000")
    int maxBuffered() default 100_000;

    @AttributeDefinition(
            name = "Session lifetime",
            description = "How long the server remembers the last batch of this runtime, in milliseconds;"
                    + " a batch that is sent again later has an unknown outcome",
            min = "1000",
            max = "2592000000")
    long sessionTtlMs() default 86_400_000;
}
