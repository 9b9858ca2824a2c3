package org.counterex.web.provider;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who may do what. Immutable.
 *
 * <p>A request has to name a host that is ours, since a page of elsewhere can have its own name lead here. One that
 * may change something has to carry the token, or user and password, and to come from our own page if it comes from a page.
 * All that is looked at before method or path are.
 */
final class AccessControl {

    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final byte[] token;
    private final byte[] userAndPassword;
    private final boolean openReads;
    private final boolean anyHost;
    private final List<String> hosts;

    /**
     * @param token null if there is none
     * @param loopback whether only this machine reaches the server
     */
    AccessControl(WebSettings settings, String token, boolean loopback) {
        this.token = token == null ? null : bytes(token);
        userAndPassword = settings.user() == null ? null : bytes(settings.user() + ":" + settings.password());
        openReads = settings.reads() == null ? loopback : settings.reads().equals(WebSettings.OPEN);
        hosts = settings.hosts();
        // Elsewhere there are too many names to know; there, what can be read is behind the token.
        anyHost = !loopback && hosts.isEmpty();
    }

    /** Whether one may look without the token. */
    boolean openReads() {
        return openReads;
    }

    /** Whether user and password are accepted. */
    boolean takesPassword() {
        return userAndPassword != null;
    }

    /**
     * Lets a request pass.
     *
     * @param isPublic whether it is for what holds nothing but the page itself
     * @throws HttpError it may not
     */
    void check(HttpServletRequest request, boolean isPublic) {
        String host = request.getHeader("Host");
        if (host == null || !isOurs(host)) {
            throw new HttpError(403, "host is not one of this server: set hosts in conf/org.counterex.web.cfg");
        }
        boolean reads = READING.contains(request.getMethod());
        if (reads && (openReads || isPublic)) {
            return;
        }
        if (!isTrusted(request)) {
            throw new HttpError(401, "token is missing or wrong: counter:web shows the link that has it");
        }
        if (!reads && isForeign(request, host)) {
            throw new HttpError(403, "request comes from a page of another origin");
        }
    }

    /** Whether a request carries the token, or user and password. */
    boolean isTrusted(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization == null) {
            return false;
        }
        if (starts(authorization, BEARER)) {
            return same(token, bytes(authorization.substring(BEARER.length()).trim()));
        }
        if (starts(authorization, BASIC)) {
            try {
                byte[] given = Base64.getDecoder()
                        .decode(authorization.substring(BASIC.length()).trim());
                return same(userAndPassword, given);
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
        return false;
    }

    private boolean isOurs(String host) {
        String name = host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
        return anyHost || LOOPBACK.contains(name) || hosts.contains(name);
    }

    private static boolean isForeign(HttpServletRequest request, String host) {
        String origin = request.getHeader("Origin");
        String site = request.getHeader("Sec-Fetch-Site");
        boolean ownOrigin = origin == null
                || origin.equalsIgnoreCase("http://" + host)
                || origin.equalsIgnoreCase("https://" + host);
        boolean ownSite = site == null || site.equals("same-origin") || site.equals("none");
        return !ownOrigin || !ownSite;
    }

    private static boolean starts(String text, String scheme) {
        return text.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    /** In a time that does not tell how much of it is right. */
    private static boolean same(byte[] wanted, byte[] given) {
        return wanted != null && MessageDigest.isEqual(wanted, given);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
