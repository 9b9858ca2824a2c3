package org.example.requests;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.counterex.api.CounterNamespace;
import org.counterex.api.Counters;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/**
 * Servlet filter that counts the requests to all servlets of the runtime, including the dashboard, by method and
 * status: {@code GET 200}.
 *
 * <p>Clients choose methods and paths freely. Unknown methods are counted as {@code other} and paths are not part of a
 * key, which bounds the number of counters.
 */
@Component(service = Filter.class)
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardFilterAsyncSupported
@HttpWhiteboardContextSelect("(" + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME + "=*)")
public final class RequestCounter implements Filter {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS");

    private final CounterNamespace requests;

    @Activate
    public RequestCounter(@Reference Counters counters) {
        requests = counters.namespace("requests");
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String status = "failed";
        try {
            chain.doFilter(request, response);
            status = Integer.toString(((HttpServletResponse) response).getStatus());
        } finally {
            String method = ((HttpServletRequest) request).getMethod();
            requests.add((METHODS.contains(method) ? method : "other") + " " + status, 1);
        }
    }
}
