package io.auspex.platform.control;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.security.DenyAll;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import java.util.logging.Handler;
import java.util.logging.Logger;

/** Puts {@link LogContext} before every handler of the node's log while the application runs. */
@Startup
@Singleton
@DenyAll
public class LogContexts {

    @PostConstruct
    void install() {
        for (Handler handler : handlers()) {
            handler.setFilter(new LogContext(handler.getFilter()));
        }
    }

    @PreDestroy
    void remove() {
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
