package org.counterex.web.provider.http;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Access rules for requests. Immutable.
 *
 * <p>The host of a request must be one of this server, because a foreign page can make its own host name resolve to
 * this machine (DNS rebinding). A request that may change something must carry the token, or user and password, and
 * must not come from a page of another origin. These checks precede every use of the path.
 */
public final class AccessControl {

    private static final Set<String> READ_METHODS = Set.of("GET", "HEAD");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final byte[] token;
    private final byte[] userAndPassword;
    private final boolean openReads;
    private final boolean anyHost;
    private final List<String> hosts;

    /**
     * @param token null if none is accepted
     * @param loopback whether only this machine can reach the server
     */
    public AccessControl(AccessSettings settings, String token, boolean loopback) {
        this.token = token == null ? null : bytes(token);
        userAndPassword = settings.user() == null ? null : bytes(settings.user() + ":" + settings.password());
        openReads = settings.reads() == null ? loopback : settings.reads().equals(AccessSettings.OPEN);
        hosts = settings.hosts();
        // Off loopback the names of the server are not known unless configured; reading requires the token there by
        // default.
        anyHost = !loopback && hosts.isEmpty();
    }

    /** Returns whether reading is allowed without the token. */
    public boolean openReads() {
        return openReads;
    }

    /** Returns whether user and password are accepted. */
    boolean acceptsPassword() {
        return userAndPassword != null;
    }

    /**
     * Checks a request.
     *
     * @param isPublic whether the resource contains nothing but the page itself
     * @throws HttpError the request is not allowed
     */
    void check(HttpServletRequest request, boolean isPublic) {
        String host = request.getHeader("Host");
        if (host == null || !isOwn(host)) {
            throw new HttpError(403, "unknown host: set hosts in conf/org.counterex.web.cfg");
        }
        boolean reads = READ_METHODS.contains(request.getMethod());
        if (reads && (openReads || isPublic)) {
            return;
        }
        if (!isTrusted(request)) {
            throw new HttpError(401, "missing or invalid token: counter:web prints a link with the token");
        }
        if (!reads && isForeign(request, host)) {
            throw new HttpError(403, "request comes from a page of another origin");
        }
    }

    /** Returns whether a request carries the token, or user and password. */
    public boolean isTrusted(HttpServletRequest request) {
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

    private boolean isOwn(String host) {
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

    /** Compares in constant time, so that the duration reveals nothing about the secret. */
    private static boolean same(byte[] expected, byte[] given) {
        return expected != null && MessageDigest.isEqual(expected, given);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
