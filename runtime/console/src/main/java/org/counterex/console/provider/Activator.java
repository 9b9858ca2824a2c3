package org.counterex.console.provider;

import java.util.Map;
import java.util.function.ToIntFunction;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Activator of the console. It prepares what FileInstall, the backends and Gogo rely on, so it is not a component, and
 * its start level is below theirs and above that of the log service and ConfigurationAdmin.
 */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class Activator implements BundleActivator {

    private static final long READY_MS = 20_000;

    private Logger log;
    private Console console;

    @Override
    public void start(BundleContext context) throws Exception {
        log = service(context, LoggerFactory.class).getLogger("console");
        FileConfigurations.deleteAll(service(context, ConfigurationAdmin.class));
        context.addBundleListener(new DropFolderWatch(log));
        SystemTerminal.hide();
        context.registerService(
                ExitCommand.class,
                new ExitCommand(),
                FrameworkUtil.asDictionary(Map.of(
                        "osgi.command.scope", ExitCommand.SCOPE, "osgi.command.function", ExitCommand.FUNCTION)));
        console = new Console(context, new Readiness(context, READY_MS), log);
        context.registerService(
                ToIntFunction.class, console, FrameworkUtil.asDictionary(Map.of("counterex.console", true)));
    }

    @Override
    public void stop(BundleContext context) throws InterruptedException {
        console.stop();
        log.info("stopped");
    }

    private static <S> S service(BundleContext context, Class<S> type) {
        return context.getService(context.getServiceReference(type));
    }
}
