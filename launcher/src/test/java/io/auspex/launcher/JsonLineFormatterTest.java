package io.auspex.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class JsonLineFormatterTest {
    private final JsonLineFormatter formatter = new JsonLineFormatter();

    @Test
    void format_writesTheFieldsInOrder() {
        LogRecord record = record("stored samples={0}", 7);

        assertThat(formatter.format(record))
                .isEqualTo("{\"time\":\"2026-11-21T10:00:00.125Z\",\"level\":\"INFO\",\"logger\":\"io.auspex.x\","
                        + "\"message\":\"stored samples=7\"}\n");
    }

    @Test
    void format_writesTheLastMapAsFields_andNotAsAValue() {
        Map<String, String> context = new LinkedHashMap<>();
        context.put("tenant", "3");
        context.put("correlation", "c-1");
        LogRecord record = record("stored {0} {1}", "a", context);

        assertThat(formatter.format(record))
                .contains("\"message\":\"stored a {1}\",\"tenant\":\"3\",\"correlation\":\"c-1\"}");
    }

    @Test
    void format_staysOneLineOfValidJson_forHostileText() {
        LogRecord record = record("a\"b\\c\nd\u0000e\ud800f\ud83d\ude00", new Object[0]);

        assertThat(formatter.format(record))
                .contains("\"message\":\"a\\\"b\\\\c\\nd\\u0000e\\ud800f\ud83d\ude00\"}\n")
                .hasLineCount(1);
    }

    @Test
    void format_writesTheStackTrace() {
        LogRecord record = record("failed");
        record.setThrown(new IllegalStateException("boom"));

        assertThat(formatter.format(record))
                .contains("\"exception\":\"java.lang.IllegalStateException: boom\\n\\tat io.auspex.launcher");
    }

    private static LogRecord record(String message, Object... parameters) {
        LogRecord record = new LogRecord(Level.INFO, message);
        record.setLoggerName("io.auspex.x");
        record.setInstant(Instant.parse("2026-11-21T10:00:00.125Z"));
        record.setParameters(parameters);
        return record;
    }
}
