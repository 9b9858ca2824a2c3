package org.counterex.backend.redis.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of a {@link RedisBackend}, for tools that show and edit them. */
@ObjectClassDefinition(
        name = "CounterEx backend: redis",
        description = "Counters in a Redis or Valkey server, which many runtimes count on together")
public @interface RedisConfig {

    /** The configuration of the first instance; without one there is none. */
    String PID = "org.counterex.backend.redis";

    /** Calls wait for the server, and their results are those of all runtimes together. */
    String EXACT = "exact";

    /** Additions do not wait for the server, and their results are estimates. */
    String BUFFERED = "buffered";

    @AttributeDefinition(
            name = "Name",
            description =
                    "Tells this instance from others of its type; by default the name of its factory configuration",
            required = false)
    String name();

    @AttributeDefinition(
            name = "Namespaces",
            description = "Globs of the namespaces that this backend claims: * any run of characters, ? one, \\ quotes",
            required = false)
    String[] namespaces() default {};

    @AttributeDefinition(name = "Ranking", description = "Decides among backends that match equally; the highest wins")
    int ranking() default 0;

    @AttributeDefinition(
            name = "Server",
            description = "redis://[user:password@]host[:port][/database], or rediss:// for TLS",
            type = AttributeType.PASSWORD)
    String uri() default "redis://127.0.0.1:6379";

    @AttributeDefinition(
            name = "Nodes of a cluster",
            description = "host:port of some nodes; the others are found. The server then only tells how to log in",
            required = false)
    String[] nodes() default {};

    @AttributeDefinition(
            name = "Trusted certificates",
            description = "A file of certificates in PEM format that servers may show; by default what the VM trusts",
            required = false)
    String trustedCertificates();

    @AttributeDefinition(
            name = "Connect timeout",
            description = "How long making a connection may take, in milliseconds",
            min = "1",
            max = "60000")
    int connectTimeoutMs() default 1_000;

    @AttributeDefinition(
            name = "Response timeout",
            description = "How long an answer may take, and how long a call waits, in milliseconds;"
                    + " less than the registry waits for a backend",
            min = "1",
            max = "60000")
    int responseTimeoutMs() default 2_000;

    @AttributeDefinition(
            name = "Pool size",
            description = "The number of connections to each server",
            min = "1",
            max = "64")
    int poolSize() default 4;

    @AttributeDefinition(name = "Key prefix", description = "What all keys on the server begin with; no braces")
    String keyPrefix() default "counterex:";

    @AttributeDefinition(
            name = "Buckets",
            description = "Over how many hashes a namespace is spread, so that many nodes of a cluster share it;"
                    + " the same for everybody who uses the prefix",
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
            description = "How often buffered additions are sent, in milliseconds",
            min = "1",
            max = "3600000")
    long flushIntervalMs() default 100;

    @AttributeDefinition(
            name = "Most buffered",
            description = "On how many counters additions may be buffered; further ones wait",
            min = "1",
            max = "100000000")
    int maxBuffered() default 100_000;

    @AttributeDefinition(
            name = "Session lifetime",
            description = "How long the server remembers what it has done last for this runtime, in milliseconds:"
                    + " what is sent again later than that cannot be told from what was done",
            min = "1000",
            max = "2592000000")
    long sessionTtlMs() default 86_400_000;
}
