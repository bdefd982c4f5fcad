package io.auspex.platform.control;

import io.auspex.platform.RequestContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Adds what is known of the request to each log record written on its thread, as a map that becomes the record's last
 * parameter. The formatter of the node's log writes such a map as fields of their own; formatters that do not know of
 * it ignore a parameter that no placeholder names.
 *
 * @param before the filter the handler had, which still decides
 */
record LogContext(@Nullable Filter before) implements Filter {

    @Override
    public boolean isLoggable(LogRecord record) {
        if (before != null && !before.isLoggable(record)) {
            return false;
        }
        RequestContext context = RequestContext.current();
        if (!context.equals(RequestContext.NONE) && !hasContext(record)) {
            @Nullable Object @Nullable [] parameters = record.getParameters();
            int count = parameters == null ? 0 : parameters.length;
            @Nullable Object[] more = parameters == null ? new Object[1] : Arrays.copyOf(parameters, count + 1);
            more[count] = fields(context);
            record.setParameters(more);
        }
        return true;
    }

    /** A record passes through one filter per handler. */
    private static boolean hasContext(LogRecord record) {
        @Nullable Object @Nullable [] parameters = record.getParameters();
        return parameters != null && parameters.length > 0 && parameters[parameters.length - 1] instanceof Map;
    }

    private static Map<String, String> fields(RequestContext context) {
        Map<String, String> fields = new LinkedHashMap<>();
        put(fields, "tenant", context.tenant());
        put(fields, "user", context.user());
        put(fields, "correlation", context.correlation());
        put(fields, "trace", context.trace());
        put(fields, "span", context.span());
        return fields;
    }

    private static void put(Map<String, String> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, value);
        }
    }
}
