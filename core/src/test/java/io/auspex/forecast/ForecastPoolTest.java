package io.auspex.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.support.Seeded;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ForecastPoolTest {
    private static double[] rhythm(int n, double noise) {
        SplittableRandom random = new SplittableRandom(20261121);
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = 100 + 30 * Math.sin(2 * Math.PI * i / 24) + noise * random.nextGaussian();
        }
        return values;
    }

    @Test
    void forecast_followsTheRhythm() {
        double[] all = rhythm(24 * 20 + 48, 1);
        double[] history = java.util.Arrays.copyOf(all, 24 * 20);

        Forecast forecast = ForecastPool.of(24, 168).forecast(history, 48);

        for (int h = 0; h < 48; h++) {
            assertThat(forecast.median()[h])
                    .isCloseTo(all[history.length + h], org.assertj.core.data.Offset.offset(5.0));
        }
        assertThat(forecast.backTestMase()).isLessThan(forecast.naiveMase());
    }

    @Test
    void forecast_bandHoldsWhatItSays_onNoise() {
        int in80 = 0;
        int in95 = 0;
        int steps = 0;
        double[] all = rhythm(24 * 60, 5);
        for (int origin = 24 * 20; origin + 24 <= all.length; origin += 24) {
            Forecast forecast = ForecastPool.of(24, 168).forecast(java.util.Arrays.copyOf(all, origin), 24);
            for (int h = 0; h < 24; h++) {
                double came = all[origin + h];
                in80 += came >= forecast.lower80()[h] && came <= forecast.upper80()[h] ? 1 : 0;
                in95 += came >= forecast.lower95()[h] && came <= forecast.upper95()[h] ? 1 : 0;
                steps++;
            }
        }

        assertThat(in80 / (double) steps).isBetween(0.72, 0.90);
        assertThat(in95 / (double) steps).isBetween(0.90, 0.99);
    }

    @Test
    void forecast_givesABand_fromFiveMinutesOfFifteenSeconds() {
        double[] history = rhythm(20, 2);

        Forecast forecast = ForecastPool.of(1, 1).forecast(history, 20);

        assertThat(forecast.median()).hasSize(20);
        for (int h = 0; h < 20; h++) {
            assertThat(forecast.lower95()[h]).isLessThanOrEqualTo(forecast.lower80()[h]);
            assertThat(forecast.lower80()[h]).isLessThan(forecast.median()[h]);
            assertThat(forecast.upper80()[h])
                    .isGreaterThan(forecast.median()[h])
                    .isLessThanOrEqualTo(forecast.upper95()[h]);
        }
    }

    @Test
    void forecast_isFiniteAndOrdered_whateverTheHistory() {
        Seeded.forAll(random -> {
            int n = ForecastPool.LEAST_HISTORY + random.nextInt(200);
            double level = random.nextDouble(-1000, 1000);
            double step = random.nextBoolean() ? 0 : random.nextDouble(50);
            double[] history = new double[n];
            for (int i = 0; i < n; i++) {
                history[i] = level + (random.nextInt(10) == 0 ? step * random.nextGaussian() : 0) + step * (i % 7);
            }

            Forecast forecast =
                    ForecastPool.of(random.nextBoolean() ? 1 : 24, 1).forecast(history, 1 + random.nextInt(50));

            double share = forecast.weights().stream()
                    .mapToDouble(Forecast.Weight::share)
                    .sum();
            assertThat(share).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-9));
            for (int h = 0; h < forecast.median().length; h++) {
                assertThat(forecast.median()[h]).isFinite();
                assertThat(forecast.lower95()[h]).isLessThanOrEqualTo(forecast.median()[h]);
                assertThat(forecast.upper95()[h]).isGreaterThanOrEqualTo(forecast.median()[h]);
            }
        });
    }

    @Test
    void forecast_staysConstant_whenTheHistoryIs() {
        double[] history = new double[100];
        java.util.Arrays.fill(history, 7);

        Forecast forecast = ForecastPool.of(1, 1).forecast(history, 10);

        assertThat(forecast.median()).containsOnly(new double[] {7}, org.assertj.core.data.Offset.offset(1e-9));
        assertThat(forecast.backTestMase()).isNaN();
    }

    @Test
    void forecast_neverGoesBelowZero_whenTheSeriesNeverDid() {
        double[] history = new double[60];
        for (int i = 0; i < 60; i++) {
            history[i] = Math.max(0, 60 - i);
        }

        Forecast forecast = ForecastPool.of(1, 1).forecast(history, 30);

        assertThat(java.util.Arrays.stream(forecast.lower95()).allMatch(v -> v >= 0))
                .isTrue();
        assertThat(java.util.Arrays.stream(forecast.median()).allMatch(v -> v >= 0))
                .isTrue();
    }

    @Test
    void forecast_refuses_whenHistoryIsTooShort() {
        assertThatThrownBy(() -> ForecastPool.of(1, 1).forecast(new double[11], 5))
                .hasMessageContaining("got 11");
    }
}
