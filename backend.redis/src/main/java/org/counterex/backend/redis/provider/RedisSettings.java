package org.counterex.backend.redis.provider;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.counterex.backend.redis.provider.client.ClusterTopology;
import org.counterex.support.config.Settings;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * Validated settings of a {@link RedisBackend}, described in {@link RedisConfig}.
 *
 * @param topology the server or cluster, and how to log in
 * @param prefix of all keys
 * @param buckets of each namespace
 * @param buffered whether additions are sent at intervals
 * @param ttlMs how long the server remembers a session
 */
record RedisSettings(
        ClusterTopology topology,
        String prefix,
        int buckets,
        boolean buffered,
        long flushIntervalMs,
        int maxBuffered,
        long ttlMs,
        int responseTimeoutMs,
        int poolSize) {

    private static final String URI_EXPECTED = "redis:// or rediss://, [user:password@]host[:port][/database]";
    private static final int DEFAULT_PORT = 6379;

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException a setting is invalid; the message shows no password
     */
    static RedisSettings of(Settings settings) {
        URI uri = uri(settings);
        int responseTimeoutMs = (int) settings.number("responseTimeoutMs", 2_000, 1, 60_000);
        List<HostAndPort> seeds = seeds(settings);
        boolean cluster = !seeds.isEmpty();
        int database = JedisURIHelper.hasDbIndex(uri) ? JedisURIHelper.getDBIndex(uri) : 0;
        if (cluster && database != 0) {
            throw invalidUri("no database in a cluster");
        }
        DefaultJedisClientConfig.Builder clientConfig = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis((int) settings.number("connectTimeoutMs", 1_000, 1, 60_000))
                .socketTimeoutMillis(responseTimeoutMs)
                .user(JedisURIHelper.getUser(uri))
                .password(JedisURIHelper.getPassword(uri))
                .database(database)
                .clientName("counterex")
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .serverDefaultProtocol();
        Path certificates = settings.path("trustedCertificates", null);
        if (JedisURIHelper.isRedisSSLScheme(uri)) {
            SSLParameters parameters = new SSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            clientConfig.ssl(true).sslParameters(parameters);
            if (certificates != null) {
                clientConfig.sslSocketFactory(trusting(settings, certificates));
            }
        } else if (certificates != null) {
            throw settings.invalid("trustedCertificates", "no value, as uri is not rediss://");
        }
        return new RedisSettings(
                new ClusterTopology(cluster ? seeds : List.of(server(uri)), cluster, clientConfig.build()),
                prefix(settings),
                (int) settings.number("buckets", 1, 1, 16_384),
                isBuffered(settings),
                settings.number("flushIntervalMs", 100, 1, 3_600_000),
                (int) settings.number("maxBuffered", 100_000, 1, 100_000_000),
                settings.number("sessionTtlMs", 86_400_000, 1_000, 2_592_000_000L),
                responseTimeoutMs,
                (int) settings.number("poolSize", 4, 1, 64));
    }

    private static URI uri(Settings settings) {
        String text = settings.text("uri", "redis://127.0.0.1:" + DEFAULT_PORT);
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw invalidUri(URI_EXPECTED); // without the cause, whose message contains the password
        }
        boolean known = JedisURIHelper.isRedisScheme(uri) || JedisURIHelper.isRedisSSLScheme(uri);
        if (!known || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
            throw invalidUri(URI_EXPECTED);
        }
        try {
            JedisURIHelper.getUser(uri);
            if (JedisURIHelper.hasDbIndex(uri)) {
                JedisURIHelper.getDBIndex(uri);
            }
        } catch (RuntimeException e) {
            throw invalidUri(URI_EXPECTED);
        }
        return uri;
    }

    /** Returns an exception that does not show the value, which may contain a password. */
    private static IllegalArgumentException invalidUri(String expected) {
        return new IllegalArgumentException("invalid setting: uri=(not shown) expected=" + expected);
    }

    private static HostAndPort server(URI uri) {
        return new HostAndPort(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
    }

    private static List<HostAndPort> seeds(Settings settings) {
        List<HostAndPort> seeds = new ArrayList<>();
        for (String node : settings.list("nodes")) {
            try {
                HostAndPort seed = HostAndPort.from(node);
                if (seed.getHost().isEmpty() || seed.getPort() < 1 || seed.getPort() > 65_535) {
                    throw settings.invalid("nodes", "host:port,host:port");
                }
                seeds.add(seed);
            } catch (RuntimeException e) {
                throw settings.invalid("nodes", "host:port,host:port");
            }
        }
        return seeds;
    }

    private static String prefix(Settings settings) {
        String prefix = settings.text("keyPrefix", "counterex:");
        if (prefix.contains("{") || prefix.contains("}")) {
            throw settings.invalid("keyPrefix", "a text without braces");
        }
        return prefix;
    }

    private static boolean isBuffered(Settings settings) {
        return switch (settings.text("mode", RedisConfig.EXACT)) {
            case RedisConfig.EXACT -> false;
            case RedisConfig.BUFFERED -> true;
            default -> throw settings.invalid("mode", RedisConfig.EXACT + " or " + RedisConfig.BUFFERED);
        };
    }

    /** Returns a factory for connections to servers with one of the certificates in the file. */
    private static SSLSocketFactory trusting(Settings settings, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("trusted" + trusted.size(), certificate);
            }
            if (trusted.size() == 0) {
                throw settings.invalid("trustedCertificates", "a file of certificates in PEM format");
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException | GeneralSecurityException e) {
            throw settings.invalid("trustedCertificates", "a file of certificates in PEM format (" + e + ")");
        }
    }
}
