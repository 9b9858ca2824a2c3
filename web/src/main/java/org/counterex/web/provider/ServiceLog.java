package org.counterex.web.provider;

import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** The log, if a log service is there. */
final class ServiceLog {

    private final LoggerFactory factory;

    /** @param factory null if there is none */
    ServiceLog(LoggerFactory factory) {
        this.factory = factory;
    }

    void info(String message) {
        Logger logger = logger();
        if (logger != null) {
            logger.info("{}", message);
        }
    }

    void warn(String message) {
        Logger logger = logger();
        if (logger != null) {
            logger.warn("{}", message);
        }
    }

    void error(String message, Throwable cause) {
        Logger logger = logger();
        if (logger != null) {
            logger.error("{}", message, cause);
        }
    }

    private Logger logger() {
        return factory == null ? null : factory.getLogger(WebConfig.PID);
    }
}
