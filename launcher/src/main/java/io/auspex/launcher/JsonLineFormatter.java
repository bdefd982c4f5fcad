package io.auspex.launcher;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One log record as one line of JSON: time (UTC, milliseconds), level, logger, message, then what is known of the
 * request (tenant, user, correlation, trace), then the exception.
 *
 * <p>A record's last parameter, when it is a map, is that knowledge: every entry becomes a field. So classes of the
 * application and of the launcher share nothing but the JDK.
 */
public final class JsonLineFormatter extends Formatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @Override
    public String format(LogRecord record) {
        StringBuilder line = new StringBuilder(256);
        line.append("{\"time\":\"").append(TIME.format(record.getInstant())).append('"');
        field(line, "level", record.getLevel().getName());
        field(line, "logger", record.getLoggerName());
        @Nullable Object @Nullable [] parameters = record.getParameters();
        int last = parameters == null ? -1 : parameters.length - 1;
        if (parameters != null && last >= 0 && parameters[last] instanceof Map<?, ?> context) {
            // the context is no value of the message
            record.setParameters(last == 0 ? null : Arrays.copyOf(parameters, last));
            field(line, "message", message(record));
            record.setParameters(parameters);
            context.forEach((name, value) -> field(line, String.valueOf(name), value));
        } else {
            field(line, "message", message(record));
        }
        if (record.getThrown() != null) {
            field(line, "exception", stackTrace(record.getThrown()));
        }
        return line.append("}\n").toString();
    }

    /** Parts of the container log a key of their logger's bundle without handing the bundle on. */
    private String message(LogRecord record) {
        if (record.getResourceBundle() == null && record.getLoggerName() != null) {
            Logger logger = LogManager.getLogManager().getLogger(record.getLoggerName());
            if (logger != null) {
                record.setResourceBundle(logger.getResourceBundle());
            }
        }
        return formatMessage(record);
    }

    private static void field(StringBuilder line, String name, @Nullable Object value) {
        if (value == null) {
            return;
        }
        line.append(",\"");
        escape(line, name);
        line.append("\":\"");
        escape(line, value.toString());
        line.append('"');
    }

    private static void escape(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f || (Character.isSurrogate(c) && !isPaired(text, i))) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
    }

    private static boolean isPaired(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().strip();
    }
}
