package io.auspex.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.auspex.forecast.ForecastFunctions;
import io.auspex.forecast.SeriesForecast;
import io.auspex.promql.Dialect;
import io.auspex.promql.Language;
import io.auspex.promql.QueryGuard;
import io.auspex.promql.QueryOptions;
import io.auspex.promql.Result;
import io.auspex.series.Labels;
import io.auspex.series.MemorySampleReader;
import io.auspex.series.SampleColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Intelligence as functions of the language: equal to the engines they stand for. */
final class IntelligenceFunctionsTest {
    private static final Language LANGUAGE = Language.with(List.of(new AnomalyFunctions(), new ForecastFunctions()));
    private static final QueryOptions OPTIONS = QueryOptions.STANDARD.with(LANGUAGE.extend(Dialect.STANDARD));
    private static final int N = 600;
    private static final long STEP = 60_000;

    private final MemorySampleReader reader = new MemorySampleReader();
    private final SampleColumn samples = new SampleColumn();

    IntelligenceFunctionsTest() {
        Random random = new Random(5);
        for (int i = 0; i < N; i++) {
            double value = 50 + 10 * Math.sin(i / 20.0) + random.nextGaussian() + (i == N - 1 ? 60 : 0);
            samples.append(i * STEP, value);
            reader.append(Labels.of("__name__", "m", "x", "a"), i * STEP, value);
        }
    }

    private Result at(String query, long millis) {
        return LANGUAGE.engine().instant(query, reader, millis, OPTIONS);
    }

    private double value(String query, long millis) {
        Result result = at(query, millis);
        assertThat(result.series()).hasSize(1);
        return result.series().get(0).value(0);
    }

    @Test
    void anomalyScore_andBaseline_areTheJudgementOfTheLastSample() {
        List<Score> scores = BatchDetection.judge(
                Arrays.copyOf(samples.timestamps(), N),
                Arrays.copyOf(samples.values(), N),
                N - 1,
                N / 2,
                DetectorRule.Method.ENSEMBLE);
        long end = (N - 1) * STEP;

        assertThat(value("anomaly_score(m[11h])", end)).isEqualTo(scores.get(0).score());
        assertThat(value("anomaly_score(m[11h])", end)).isGreaterThan(5);
        assertThat(value("season_baseline(m[11h])", end))
                .isEqualTo(scores.get(0).expected());
        assertThat(at("anomaly_score(m[11h])", end).series().get(0).labels()).isEqualTo(Labels.of("x", "a"));
        assertThat(value("anomaly_score(m[5m])", end)).isZero();
        assertThat(at("season_baseline(m[5m])", end).series()).isEmpty();
    }

    @Test
    void forecast_isTheLastStepOfTheForecastOfTheSameSamples() {
        long horizon = 30 * STEP;
        SeriesForecast made = SeriesForecast.of(
                        SeriesForecast.grid(samples, SeriesForecast.step(samples, horizon)), horizon)
                .orElseThrow();
        int last = made.forecast().median().length - 1;
        long end = (N - 1) * STEP;

        assertThat(value("forecast(m[11h], 30 * 60)", end))
                .isCloseTo(made.forecast().median()[last], within(1e-9));
        assertThat(value("forecast_lower(m[11h], 30 * 60)", end))
                .isCloseTo(made.forecast().lower95()[last], within(1e-9));
        assertThat(value("forecast_upper(m[11h], 30 * 60)", end))
                .isCloseTo(made.forecast().upper95()[last], within(1e-9));
        assertThat(at("forecast(m[5m], 60)", end).series()).isEmpty();
        assertThatThrownBy(() -> at("forecast(m[5h], 0)", end)).hasMessageContaining("horizon");
    }

    @Test
    void functions_workInRangesSubqueriesAndOperators() {
        long end = (N - 1) * STEP;
        Result result = LANGUAGE.engine()
                .range(
                        "max by (x) (forecast_upper(avg_over_time(m[5m])[10h:5m], 600)) > 0 and anomaly_score(m[4h]) >= 0",
                        reader,
                        end - 600_000,
                        end,
                        300_000,
                        OPTIONS);
        assertThat(result.series()).hasSize(1);
        assertThat(result.series().get(0).size()).isEqualTo(3);
    }

    @Test
    void aLongWindow_isRefused_andAQueryEndsBetweenWindows() {
        MemorySampleReader many = new MemorySampleReader();
        for (int i = 0; i <= AnomalyFunctions.MAX_POINTS; i++) {
            many.append(Labels.of("__name__", "m"), i * 1000L, i % 7);
        }
        assertThatThrownBy(() -> LANGUAGE.engine()
                        .instant("anomaly_score(m[1d])", many, AnomalyFunctions.MAX_POINTS * 1000L, OPTIONS))
                .hasMessageContaining("at most 11000 samples");
        QueryGuard gone = new QueryGuard() {
            private int asked;

            @Override
            public Verdict verdict() {
                return asked++ < 5 ? Verdict.GO_ON : Verdict.TIMED_OUT;
            }
        };
        assertThatThrownBy(() -> LANGUAGE.engine()
                        .range("forecast(m[5h], 60)", reader, 18_000_000, 36_000_000, 60_000, OPTIONS.with(gone)))
                .hasMessageContaining("timed out");
    }
}
