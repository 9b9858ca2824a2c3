package org.counterex.web.provider;

import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.counterex.api.Counters;
import org.counterex.api.admin.BackendRegistry;
import org.counterex.support.data.DataDirectory;
import org.counterex.support.log.ServiceLog;
import org.counterex.web.provider.api.Api;
import org.counterex.web.provider.http.AccessControl;
import org.counterex.web.provider.http.DispatcherServlet;
import org.counterex.web.provider.http.SecurityContextHelper;
import org.counterex.web.provider.http.TokenFile;
import org.counterex.web.provider.live.RegistryServices;
import org.counterex.web.provider.live.Sampler;
import org.counterex.web.provider.metrics.Metrics;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.runtime.HttpServiceRuntimeConstants;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/**
 * Component that registers the page, the API and the metrics with the HTTP service. If other machines can reach the
 * HTTP service and no token or user is configured, it registers nothing and logs the reason.
 */
@Component(immediate = true, service = WebServer.class, configurationPid = WebConfig.PID)
@Designate(ocd = WebConfig.class)
public final class WebServer {

    private static final String BACKENDS = "(objectClass=org.counterex.api.backend.CounterBackend)";

    private final BundleContext context;
    private final List<String> endpoints;
    private final String token;
    /** Why nothing is served; null if everything is. */
    private final String problem;

    private final Sampler sampler;
    private final ServiceListener backends;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Counters counters;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile BackendRegistry admin;

    /**
     * Registers the servlets.
     *
     * @throws IllegalArgumentException the configuration is invalid
     * @throws IOException the token file cannot be used
     */
    @Activate
    public WebServer(
            BundleContext context,
            Map<String, Object> properties,
            @Reference(cardinality = ReferenceCardinality.AT_LEAST_ONE, policyOption = ReferencePolicyOption.GREEDY)
                    List<ServiceReference<HttpServiceRuntime>> servers,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    LoggerFactory logService)
            throws IOException {
        this.context = context;
        ServiceLog log = new ServiceLog(WebConfig.PID, () -> logService);
        WebSettings settings = WebSettings.of(properties);
        endpoints =
                servers.stream().flatMap(server -> endpoints(server).stream()).toList();
        boolean loopback = isLoopback(endpoints);
        RegistryServices registry = new RegistryServices(() -> counters, () -> admin);
        sampler = new Sampler(registry, settings.maxStreams(), log);
        backends = event -> sampler.backendsChanged();
        if (!loopback && !settings.access().hasCredentials()) {
            token = null;
            problem = "the page and the API are not served, because other machines can reach them: addresses="
                    + endpoints + " required=token, or user and password, in conf/" + WebConfig.PID + ".cfg";
            log.warn(problem);
            return;
        }
        problem = null;
        if (settings.access().hasCredentials()) {
            token = settings.access().token();
            log.info("the page is served: address=" + address());
        } else {
            Path file = DataDirectory.of(context).resolve("web.token");
            try {
                token = TokenFile.token(file);
            } catch (IOException e) {
                log.error("the page and the API are not served, the token file cannot be used: " + e.getMessage());
                throw e;
            }
            log.info("the page is served: address=" + address() + " tokenFile=" + file);
        }
        AccessControl access = new AccessControl(settings.access(), token, loopback);
        String version = context.getBundle().getVersion().toString();
        register(
                ServletContextHelper.class,
                new SecurityContextHelper(context.getBundle(), access),
                Map.of(
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME, SecurityContextHelper.NAME,
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_PATH, "/",
                        // Lowest ranking: this context serves only paths that no other bundle serves.
                        org.osgi.framework.Constants.SERVICE_RANKING, Integer.MIN_VALUE));
        register(
                Servlet.class,
                new DispatcherServlet(
                        Api.router(registry, access, sampler, version),
                        new Metrics(registry, settings.metrics(), version),
                        log),
                Map.of(
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME,
                        SecurityContextHelper.NAME,
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN,
                        "/",
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_ASYNC_SUPPORTED,
                        true,
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT,
                        "(" + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME + "=" + SecurityContextHelper.NAME
                                + ")"));
        try {
            context.addServiceListener(backends, BACKENDS);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        sampler.start();
    }

    private <S> void register(Class<S> type, S service, Map<String, Object> properties) {
        registrations.add(0, context.registerService(type, service, new Hashtable<>(properties)));
    }

    @Deactivate
    void stop() {
        context.removeServiceListener(backends);
        sampler.stop();
        registrations.forEach(ServiceRegistration::unregister);
    }

    /** Returns why nothing is served; null if everything is. */
    String problem() {
        return problem;
    }

    /** Returns the address of the page. */
    String address() {
        return endpoints.isEmpty() ? "unknown" : endpoints.get(0);
    }

    /** Returns the token; null if only user and password are accepted. */
    String token() {
        return token;
    }

    private static List<String> endpoints(ServiceReference<?> server) {
        Object endpoints = server.getProperty(HttpServiceRuntimeConstants.HTTP_SERVICE_ENDPOINT);
        if (endpoints instanceof String[] several) {
            return Arrays.asList(several);
        }
        return endpoints instanceof String one ? List.of(one) : List.of();
    }

    /** Returns whether all endpoints are known to be loopback addresses; false if no endpoint is known. */
    private static boolean isLoopback(List<String> endpoints) {
        return !endpoints.isEmpty()
                && endpoints.stream().allMatch(endpoint -> {
                    try {
                        String host = new URI(endpoint).getHost();
                        return host != null && InetAddress.getByName(host).isLoopbackAddress();
                    } catch (URISyntaxException | UnknownHostException e) {
                        return false;
                    }
                });
    }
}
