package org.counterex.registry.provider;

import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** The log, if a log service is there: counting goes on without one. */
final class ServiceLog {

    private volatile LoggerFactory factory;

    void use(LoggerFactory logService) {
        factory = logService;
    }

    void info(String message) {
        Logger logger = logger();
        if (logger != null) {
            logger.info("{}", message);
        }
    }

    /** @param cause null if there is none */
    void warn(String message, Throwable cause) {
        Logger logger = logger();
        if (logger != null) {
            logger.warn("{}", message, cause);
        }
    }

    /** @param cause null if there is none */
    void error(String message, Throwable cause) {
        Logger logger = logger();
        if (logger != null) {
            logger.error("{}", message, cause);
        }
    }

    private Logger logger() {
        LoggerFactory current = factory;
        return current == null ? null : current.getLogger("org.counterex.registry");
    }
}
