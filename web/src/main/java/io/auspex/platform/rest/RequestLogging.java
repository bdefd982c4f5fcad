package io.auspex.platform.rest;

import io.auspex.platform.RequestContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Adds tenant, user, correlation and trace of the running request to every log record of its thread, as a map behind
 * the record's parameters: container and application share no class but the JDK's.
 */
@WebListener
public class RequestLogging implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handler.setFilter(new Describing(handler.getFilter()));
        }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler.getFilter() instanceof Describing describing) {
                handler.setFilter(describing.before);
            }
        }
    }

    /** Lets through what the filter before it lets through, described. */
    static final class Describing implements Filter {
        private final @Nullable Filter before;

        Describing(@Nullable Filter before) {
            this.before = before;
        }

        @Override
        public boolean isLoggable(LogRecord record) {
            if (before != null && !before.isLoggable(record)) {
                return false;
            }
            RequestContext context = RequestContext.current();
            if (!context.equals(RequestContext.NONE)) {
                describe(record, fields(context));
            }
            return true;
        }

        private static void describe(LogRecord record, Map<String, String> fields) {
            @Nullable Object @Nullable [] parameters = record.getParameters();
            int count = parameters == null ? 0 : parameters.length;
            if (count > 0 && parameters != null && parameters[count - 1] instanceof Map<?, ?>) {
                return; // another handler has asked before
            }
            @Nullable Object[] described = parameters == null ? new Object[1] : Arrays.copyOf(parameters, count + 1);
            described[count] = fields;
            record.setParameters(described);
        }

        private static Map<String, String> fields(RequestContext context) {
            Map<String, String> fields = new LinkedHashMap<>();
            put(fields, "tenant", context.tenant());
            put(fields, "user", context.user());
            put(fields, "correlation", context.correlation());
            put(fields, "trace", context.trace());
            return fields;
        }

        private static void put(Map<String, String> fields, String name, String value) {
            if (!value.isEmpty()) {
                fields.put(name, value);
            }
        }
    }
}
