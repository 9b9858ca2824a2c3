package org.counterex.web.provider;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.counterex.support.config.Settings;

/**
 * What is configured.
 *
 * @param token null if none is given
 * @param user null if none is given; else there is a password
 * @param password null if there is no user
 * @param reads null if it is not given; else {@code open} or {@code token}
 * @param hosts in lower case
 * @param maxStreams event streams at a time
 * @param metrics what is configured of scrapes
 */
record WebSettings(
        String token,
        String user,
        String password,
        String reads,
        List<String> hosts,
        int maxStreams,
        MetricsSettings metrics) {

    static final String OPEN = "open";
    static final String TOKEN = "token";

    private static final int SHORTEST_TOKEN = 16;
    private static final int SHORTEST_PASSWORD = 8;

    /** @throws IllegalArgumentException a value makes no sense; the message shows no secret */
    static WebSettings of(Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        String token = secret(settings, properties, "token", SHORTEST_TOKEN);
        String user = settings.text("user", null);
        String password = secret(settings, properties, "password", SHORTEST_PASSWORD);
        if ((user == null) != (password == null)) {
            throw new IllegalArgumentException("setting is missing: " + (user == null ? "user" : "password")
                    + " wanted=user and password, or neither");
        }
        if (user != null && user.indexOf(':') >= 0) {
            throw settings.refused("user", "a name without a colon");
        }
        String reads = settings.text("reads", null);
        if (reads != null && !reads.equals(OPEN) && !reads.equals(TOKEN)) {
            throw settings.refused("reads", "open or token");
        }
        List<String> hosts = settings.list("hosts").stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .toList();
        return new WebSettings(
                token,
                user,
                password,
                reads,
                hosts,
                (int) settings.number("maxStreams", 1_000, 1, 100_000),
                MetricsSettings.of(settings));
    }

    /** Whether somebody is configured who may change things. */
    boolean hasSecret() {
        return token != null || user != null;
    }

    private static String secret(Settings settings, Map<String, ?> properties, String key, int shortest) {
        if (properties.get(key) == null) {
            return null;
        }
        String wanted = shortest + " characters or more, on one line";
        String secret;
        try {
            secret = settings.text(key, null);
        } catch (IllegalArgumentException e) {
            throw refusedSecret(key, wanted);
        }
        if (secret.length() < shortest) {
            throw refusedSecret(key, wanted);
        }
        return secret;
    }

    private static IllegalArgumentException refusedSecret(String key, String wanted) {
        return new IllegalArgumentException("setting is refused: " + key + "=(not shown) wanted=" + wanted);
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "token=" + (token != null) + " user=" + user + " reads=" + reads + " hosts=" + hosts + " maxStreams="
                + maxStreams;
    }
}
