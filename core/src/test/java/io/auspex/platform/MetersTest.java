package io.auspex.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class MetersTest {
    private final Meters meters = new Meters();

    @Test
    void prometheus_writesEveryTypeAsTheFormatSays() {
        meters.counter("requests_total", "Requests by \"code\".", "code")
                .with("200")
                .add(3);
        meters.gauge("queue_bytes", "Bytes waiting.").with().set(1.5);
        MeterFamily.Meter latency = meters.histogram("latency_seconds", "Latency.", new double[] {0.1, 1})
                .with();
        latency.observe(0.1);
        latency.observe(5);

        assertThat(TextExposition.prometheus(meters)).isEqualTo("""
                        # HELP latency_seconds Latency.
                        # TYPE latency_seconds histogram
                        latency_seconds_bucket{le="0.1"} 1
                        latency_seconds_bucket{le="1"} 1
                        latency_seconds_bucket{le="+Inf"} 2
                        latency_seconds_sum 5.1
                        latency_seconds_count 2
                        # HELP queue_bytes Bytes waiting.
                        # TYPE queue_bytes gauge
                        queue_bytes 1.5
                        # HELP requests_total Requests by "code".
                        # TYPE requests_total counter
                        requests_total{code="200"} 3
                        """);
    }

    @Test
    void openMetrics_dropsTotalFromTheFamilyAndEndsWithEof() {
        meters.counter("requests_total", "Requests.").with().increment();

        assertThat(TextExposition.openMetrics(meters))
                .isEqualTo("# HELP requests Requests.\n# TYPE requests counter\nrequests_total 1\n# EOF\n");
    }

    @Test
    void labelValues_areEscaped() {
        meters.gauge("g", "G.", "l").with("a\"b\\c\nd").set(Double.NaN);

        assertThat(TextExposition.prometheus(meters)).contains("g{l=\"a\\\"b\\\\c\\nd\"} NaN\n");
    }

    @Test
    void with_fallsIntoOneMeter_whenTooManyLabelValuesCome() {
        MeterFamily family = meters.counter("hits_total", "Hits.", "path");
        for (int i = 0; i < Meters.MAX_CHILDREN + 500; i++) {
            family.with("/" + i).increment();
        }

        assertThat(family.with("/never-seen").sum()).isEqualTo(500);
    }

    @Test
    void family_isRefused_whenNameIsTakenByAnotherType() {
        meters.gauge("level", "Level.");

        assertThatThrownBy(() -> meters.histogram("level", "Level.", new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("level");
        assertThatThrownBy(() -> meters.counter("level", "Level.")).hasMessageContaining("_total");
    }
}
