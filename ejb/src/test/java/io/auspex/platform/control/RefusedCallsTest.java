package io.auspex.platform.control;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ejb.AccessLocalException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class RefusedCallsTest {
    private final RefusedCalls filter = new RefusedCalls(null);

    @Test
    void isLoggable_leavesOutTheRefusal_andNothingElse() {
        assertThat(filter.isLoggable(record("", new AccessLocalException()))).isFalse();
        assertThat(filter.isLoggable(record("", new IllegalStateException()))).isTrue();
        assertThat(filter.isLoggable(record("AS-EJB-00056", null))).isFalse();
        assertThat(filter.isLoggable(record("AS-EJB-00001", null))).isTrue();
    }

    @Test
    void isLoggable_obeysTheFilterBefore() {
        assertThat(new RefusedCalls(any -> false).isLoggable(record("x", null))).isFalse();
    }

    private static LogRecord record(String message, Throwable thrown) {
        LogRecord record = new LogRecord(Level.WARNING, message);
        record.setThrown(thrown);
        return record;
    }
}
