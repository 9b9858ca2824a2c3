package org.counterex.web.provider.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.counterex.support.config.Settings;

/**
 * Configured access control.
 *
 * @param token null if none is configured
 * @param user null if none is configured; otherwise there is a password
 * @param password null if there is no user
 * @param reads {@link #OPEN} or {@link #TOKEN}, null if not configured
 * @param hosts accepted host names, in lower case
 */
public record AccessSettings(String token, String user, String password, String reads, List<String> hosts) {

    /** Anyone who reaches the server may read. */
    public static final String OPEN = "open";

    /** Reading requires the token, too. */
    public static final String TOKEN = "token";

    private static final int MIN_TOKEN = 16;
    private static final int MIN_PASSWORD = 8;

    /** @throws IllegalArgumentException a value is invalid; the message contains no secret */
    public static AccessSettings of(Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        String token = secret(settings, properties, "token", MIN_TOKEN);
        String user = settings.text("user", null);
        String password = secret(settings, properties, "password", MIN_PASSWORD);
        if ((user == null) != (password == null)) {
            throw new IllegalArgumentException("missing setting: " + (user == null ? "user" : "password")
                    + " expected=user and password, or neither");
        }
        if (user != null && user.indexOf(':') >= 0) {
            throw settings.invalid("user", "a name without a colon");
        }
        String reads = settings.text("reads", null);
        if (reads != null && !reads.equals(OPEN) && !reads.equals(TOKEN)) {
            throw settings.invalid("reads", "open or token");
        }
        List<String> hosts = settings.list("hosts").stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .toList();
        return new AccessSettings(token, user, password, reads, hosts);
    }

    /** Returns whether a token or a user is configured. */
    public boolean hasCredentials() {
        return token != null || user != null;
    }

    private static String secret(Settings settings, Map<String, ?> properties, String key, int minLength) {
        if (properties.get(key) == null) {
            return null;
        }
        String secret;
        try {
            secret = settings.text(key, null);
        } catch (IllegalArgumentException e) {
            throw invalidSecret(key, minLength);
        }
        if (secret.length() < minLength) {
            throw invalidSecret(key, minLength);
        }
        return secret;
    }

    private static IllegalArgumentException invalidSecret(String key, int minLength) {
        return new IllegalArgumentException(
                "invalid setting: " + key + "=(not shown) expected=" + minLength + " characters or more, on one line");
    }

    /** Contains no secret. */
    @Override
    public String toString() {
        return "token=" + (token != null) + " user=" + user + " reads=" + reads + " hosts=" + hosts;
    }
}
