package io.auspex.platform.control;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.security.DenyAll;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import java.util.logging.Handler;
import java.util.logging.Logger;

/** Puts {@link LogContext} before every handler of the node's log, and {@link RefusedCalls} before the container's words about beans, while the application runs. */
@Startup
@Singleton
@DenyAll
public class LogContexts {
    /** Held, since the log manager forgets loggers that nobody holds, their filters included. */
    private final Logger beans = Logger.getLogger(RefusedCalls.LOGGER);

    @PostConstruct
    void install() {
        beans.setFilter(new RefusedCalls(beans.getFilter()));
        for (Handler handler : handlers()) {
            handler.setFilter(new LogContext(handler.getFilter()));
        }
    }

    @PreDestroy
    void remove() {
        if (beans.getFilter() instanceof RefusedCalls ours) {
            beans.setFilter(ours.before());
        }
        for (Handler handler : handlers()) {
            if (handler.getFilter() instanceof LogContext ours) {
                handler.setFilter(ours.before());
            }
        }
    }

    private static Handler[] handlers() {
        return Logger.getLogger("").getHandlers();
    }
}
