package org.counterex.backend.mvstore.provider;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** The log, if a log service is there: counting goes on without one. */
final class ServiceLog {

    private final Supplier<LoggerFactory> service;

    ServiceLog(Supplier<LoggerFactory> service) {
        this.service = service;
    }

    void info(String message) {
        log(logger -> logger.info("{}", message));
    }

    void error(String message) {
        log(logger -> logger.error("{}", message));
    }

    private void log(Consumer<Logger> action) {
        LoggerFactory factory = service.get();
        if (factory != null) {
            action.accept(factory.getLogger(MvstoreConfig.PID));
        }
    }
}
