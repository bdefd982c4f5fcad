package io.auspex.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AnomalyTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "node_load1            | node_load1{instance=\"a\"}",
                "node_cpu_seconds_total | rate(node_cpu_seconds_total{instance=\"a\"}[2m])",
                "my.metric              | {__name__=\"my.metric\", instance=\"a\"}"
            })
    void expression_isTheSeriesOrTheRateOfTheCounter(String metric, String expression) {
        Score peak = new Score(0, 1, 5, 0, 0, 0, Season.NONE, List.of());

        Anomaly anomaly = new Anomaly(
                1,
                Optional.empty(),
                Labels.of("__name__", metric, "instance", "a"),
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty(),
                peak,
                peak.explanation(),
                1);

        assertThat(anomaly.expression()).isEqualTo(expression);
    }
}
