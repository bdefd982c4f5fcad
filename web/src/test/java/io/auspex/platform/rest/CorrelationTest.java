package io.auspex.platform.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

final class CorrelationTest {
    @Test
    void id_isTheCallers_whenItIsWellFormed() {
        assertThat(Correlation.id("order-4711_a.b")).isEqualTo("order-4711_a.b");
    }

    @Test
    void id_isNew_whenTheCallersCouldBreakALogLine() {
        assertThat(Correlation.id("a\nlevel=ERROR"))
                .matches(id -> !UUID.fromString(id).toString().isEmpty());
        assertThat(Correlation.id("x".repeat(65))).hasSize(36);
        assertThat(Correlation.id(null)).hasSize(36);
    }

    @Test
    void trace_isTheCallers_whenTraceparentIsWellFormed() {
        assertThat(Correlation.trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
                .isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    @Test
    void trace_isNew_whenTraceparentIsNotUsable() {
        assertThat(Correlation.trace("00-00000000000000000000000000000000-00f067aa0ba902b7-01"))
                .matches("[0-9a-f]{32}")
                .isNotEqualTo("0".repeat(32));
        assertThat(Correlation.trace("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
                .isNotEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(Correlation.trace(null)).matches("[0-9a-f]{32}");
    }

    @Test
    void instance_isAUri_forEveryAcceptedId() {
        assertThat(Correlation.instance("f5f864bd-c2cc-4331-9463-47c6cdfd81d2"))
                .isEqualTo("urn:uuid:f5f864bd-c2cc-4331-9463-47c6cdfd81d2");
        assertThat(Correlation.instance("order-4711")).isEqualTo("urn:auspex:correlation:order-4711");
    }
}
