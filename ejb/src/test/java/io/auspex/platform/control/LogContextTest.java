package io.auspex.platform.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.platform.RequestContext;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LogContextTest {
    private final LogRecord record = new LogRecord(Level.INFO, "stored samples={0}");
    private final LogContext filter = new LogContext(null);

    @AfterEach
    void endRequest() {
        RequestContext.set(RequestContext.NONE);
    }

    @Test
    void isLoggable_addsWhatIsKnown_insideARequest() {
        record.setParameters(new Object[] {7});
        RequestContext.set(new RequestContext("c-1", "", "", "3", "user:9", ""));

        boolean loggable = filter.isLoggable(record);

        assertThat(loggable).isTrue();
        assertThat(record.getParameters())
                .containsExactly(7, Map.of("tenant", "3", "user", "user:9", "correlation", "c-1"));
    }

    @Test
    void isLoggable_addsOnce_whenTwoHandlersLook() {
        RequestContext.set(new RequestContext("c-1", "", "", "", "", ""));

        filter.isLoggable(record);
        filter.isLoggable(record);

        assertThat(record.getParameters()).containsExactly(Map.of("correlation", "c-1"));
    }

    @Test
    void isLoggable_leavesTheRecordAlone_outsideARequest() {
        filter.isLoggable(record);

        assertThat(record.getParameters()).isNull();
    }

    @Test
    void isLoggable_obeysTheFilterBefore() {
        assertThat(new LogContext(any -> false).isLoggable(record)).isFalse();
    }
}
