package io.auspex.platform.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.platform.RequestContext;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RequestLoggingTest {
    private static final RequestContext REQUEST = new RequestContext("c-1", "t-1", "s-1", "7", "user:3", "");

    private final LogRecord record = new LogRecord(Level.INFO, "hello {0}");

    @AfterEach
    void endRequest() {
        RequestContext.set(RequestContext.NONE);
    }

    @Test
    void isLoggable_describesTheRequest_behindTheParameters() {
        RequestContext.set(REQUEST);
        record.setParameters(new Object[] {"world"});

        assertThat(new RequestLogging.Describing(null).isLoggable(record)).isTrue();

        assertThat(record.getParameters())
                .containsExactly(
                        "world", Map.of("tenant", "7", "user", "user:3", "correlation", "c-1", "trace", "t-1"));
    }

    @Test
    void isLoggable_describesOnce_whenThereAreSeveralHandlers() {
        RequestContext.set(REQUEST);
        RequestLogging.Describing filter = new RequestLogging.Describing(null);

        filter.isLoggable(record);
        filter.isLoggable(record);

        assertThat(record.getParameters()).hasSize(1);
    }

    @Test
    void isLoggable_leavesRecordsAlone_outsideARequest() {
        assertThat(new RequestLogging.Describing(null).isLoggable(record)).isTrue();
        assertThat(record.getParameters()).isNull();
    }

    @Test
    void isLoggable_obeysTheFilterBefore() {
        assertThat(new RequestLogging.Describing(r -> false).isLoggable(record)).isFalse();
    }
}
