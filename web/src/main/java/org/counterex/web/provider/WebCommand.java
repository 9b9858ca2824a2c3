package org.counterex.web.provider;

import org.apache.felix.service.command.Descriptor;
import org.counterex.support.log.ServiceLog;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.log.LoggerFactory;

/**
 * The command {@code counter:web}, which prints the link of the page. Starts the HTTP service if it is not running yet.
 */
@Component(
        immediate = true,
        service = WebCommand.class,
        property = {"osgi.command.scope=counter", "osgi.command.function=web"})
public final class WebCommand {

    private static final long START_MS = 20_000;

    private final BundleContext context;
    private final HttpServiceStarter http;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile WebServer server;

    @Activate
    public WebCommand(
            BundleContext context,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    LoggerFactory logService) {
        this.context = context;
        http = new HttpServiceStarter(context, new ServiceLog(WebConfig.PID, () -> logService));
        context.addFrameworkListener(http);
    }

    @Deactivate
    void stop() {
        context.removeFrameworkListener(http);
    }

    @Descriptor("print the link of the web page, with the token that allows changes")
    public String web(@Descriptor("web") String... words) throws InterruptedException {
        if (words.length > 0) {
            throw new WebException("unexpected argument: arg=" + words[0] + " usage=counter:web");
        }
        if (server == null) {
            http.start(START_MS);
        }
        WebServer current = server;
        if (current == null) {
            throw new WebException(http.problem());
        }
        if (current.problem() != null) {
            throw new WebException(current.problem());
        }
        String token = current.token();
        return current.address() + (token == null ? "" : "#token=" + token);
    }

    /** Failure of the command. Gogo prints {@link #toString}, which is the message alone. */
    private static final class WebException extends RuntimeException {

        private static final long serialVersionUID = 1;

        WebException(String message) {
            super(message);
        }

        @Override
        public String toString() {
            return getMessage();
        }
    }
}
