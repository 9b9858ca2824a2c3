/**
 * HTTP without knowledge of counters: dispatching, access control, parameters and bodies, errors, limits, and files of
 * the page. Start with {@link org.counterex.web.provider.http.DispatcherServlet}. Depends on {@code json} for request
 * bodies.
 */
package org.counterex.web.provider.http;
