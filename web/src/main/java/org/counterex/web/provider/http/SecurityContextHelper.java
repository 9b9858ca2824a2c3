package org.counterex.web.provider.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.framework.Bundle;
import org.osgi.service.servlet.context.ServletContextHelper;

/**
 * Servlet context {@value #NAME}: checks every request before it reaches a servlet of the context, and sets the
 * security headers of every response. Thread-safe.
 */
public final class SecurityContextHelper extends ServletContextHelper {

    /** The name of the context. */
    public static final String NAME = "org.counterex.web";

    private static final String SESSION = "/api/session";
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private final AccessControl access;

    public SecurityContextHelper(Bundle bundle, AccessControl access) {
        super(bundle);
        this.access = access;
    }

    @Override
    public boolean handleSecurity(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-store");
        try {
            String uri = request.getRequestURI();
            access.check(request, StaticFiles.matches(uri) || uri.equals(SESSION));
            return true;
        } catch (HttpError error) {
            if (error.status() == 401) {
                response.setHeader(
                        "WWW-Authenticate", (access.acceptsPassword() ? "Basic" : "Bearer") + " realm=\"counterex\"");
            }
            // The body of a rejected request is not read, so the connection cannot be reused.
            response.setHeader("Connection", "close");
            HttpExchange.sendError(response, error);
            return false;
        }
    }
}
