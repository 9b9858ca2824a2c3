package org.counterex.web.provider;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.framework.Bundle;
import org.osgi.service.servlet.context.ServletContextHelper;

/**
 * What every request to any of our servlets has to pass, and the headers that every answer has. Whatever is registered with
 * the context {@value #NAME} is behind it. Thread-safe.
 */
final class SecurityContextHelper extends ServletContextHelper {

    /** The name of the context. */
    static final String NAME = "org.counterex.web";

    private static final String SESSION = "/api/session";
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private final AccessControl access;

    SecurityContextHelper(Bundle bundle, AccessControl access) {
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
            access.check(request, StaticFiles.isOf(uri) || uri.equals(SESSION));
            return true;
        } catch (HttpError refusal) {
            if (refusal.status() == 401) {
                response.setHeader(
                        "WWW-Authenticate", (access.takesPassword() ? "Basic" : "Bearer") + " realm=\"counterex\"");
            }
            // What it was to carry is not read.
            response.setHeader("Connection", "close");
            HttpExchange.refuse(response, refusal);
            return false;
        }
    }
}
