package org.counterex.backend.redis.provider;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.counterex.support.config.BackendProperties;
import org.counterex.support.config.Settings;
import org.counterex.tck.ConfigurationContract;
import org.junit.Test;

/** Reading of the component's configuration, without a framework. */
public class RedisConfigurationTest extends ConfigurationContract {

    /** {@code uri}, {@code nodes} and {@code trustedCertificates} have tests of their own below. */
    @Override
    protected Map<String, Predicate<Object>> keys() {
        Map<String, Predicate<Object>> keys = new HashMap<>(keysOfABackend());
        keys.put("connectTimeoutMs", isNumber(1, 60_000));
        keys.put("responseTimeoutMs", isNumber(1, 60_000));
        keys.put("poolSize", isNumber(1, 64));
        keys.put(
                "keyPrefix",
                value -> isText(value)
                        && !value.toString().contains("{")
                        && !value.toString().contains("}"));
        keys.put("buckets", isNumber(1, 16_384));
        keys.put(
                "mode",
                value -> isText(value)
                        && Set.of("exact", "buffered").contains(value.toString().trim()));
        keys.put("flushIntervalMs", isNumber(1, 3_600_000));
        keys.put("maxBuffered", isNumber(1, 100_000_000));
        keys.put("sessionTtlMs", isNumber(1_000, 2_592_000_000L));
        return keys;
    }

    @Override
    protected void configure(Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        BackendProperties.of(RedisBackend.TYPE, settings);
        RedisSettings.of(settings);
    }

    private static RedisSettings with(String... settings) {
        Map<String, Object> properties = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put(settings[i], settings[i + 1]);
        }
        return RedisSettings.of(new Settings(properties));
    }

    private static String rejection(String... settings) {
        return assertThrows(String.join(" ", settings), IllegalArgumentException.class, () -> with(settings))
                .getMessage();
    }

    @Test
    public void uri_withPassword_isShownWithoutIt() {
        assertEquals("127.0.0.1:6379", with().topology().toString());
        assertEquals("host:7", with("uri", "redis://host:7").topology().toString());
        RedisSettings secret = with("uri", "rediss://joe:s%40cret@host/3");
        assertEquals("host:6379", secret.topology().toString());
        assertEquals("joe", secret.topology().clientConfig.getUser());
        assertEquals("s@cret", secret.topology().clientConfig.getPassword());
        assertEquals(3, secret.topology().clientConfig.getDatabase());
        assertFalse(secret.toString(), secret.toString().contains("cret"));
    }

    @Test
    public void uri_thatIsInvalid_isRejectedAndNotShown() {
        for (String uri : List.of(
                "http://joe:secret@host",
                "secret",
                "redis://",
                "redis://joe:secret@",
                "redis://:secret@host:x",
                "redis://:secret@host/x",
                "redis://joe:secret@host/?a",
                "redis://joe:sec ret@host",
                "redis:secret@host",
                "redis://joe:secret@host:99999999999")) {
            String message = rejection("uri", uri);
            assertFalse(message, message.contains("secret"));
            assertEquals(1, message.lines().count());
        }
    }

    @Test
    public void nodes_ofACluster_areParsed() {
        RedisSettings cluster = with("nodes", "one:1, two:2", "uri", "redis://joe:secret@unused");
        assertEquals("one:1,two:2", cluster.topology().toString());
        assertEquals("joe", cluster.topology().clientConfig.getUser());
        for (String nodes : List.of("one", "one:", ":1", "one:0", "one:70000", "one:1,two")) {
            assertEquals(1, rejection("nodes", nodes).lines().count());
        }
        rejection("nodes", "one:1", "uri", "redis://host/1");
    }

    @Test
    public void trustedCertificates_thatAreInvalid_areRejected() {
        rejection("trustedCertificates", "/nowhere/ca.pem", "uri", "rediss://host");
        rejection("trustedCertificates", "pom.xml", "uri", "rediss://host");
        rejection("trustedCertificates", "pom.xml");
    }
}
