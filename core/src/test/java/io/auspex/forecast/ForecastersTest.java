package io.auspex.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.support.Seeded;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class ForecastersTest {
    private static final double[] SAW = new double[120];

    static {
        for (int i = 0; i < SAW.length; i++) {
            SAW[i] = 10 + i % 12;
        }
    }

    private static double[] line(int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = 5 + 2 * i;
        }
        return values;
    }

    @Test
    void seasonalNaive_repeatsThePeriod() {
        assertThat(new SeasonalNaive(12).forecast(SAW, 14))
                .containsExactly(10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 10, 11);
    }

    @Test
    void drift_goesOnAtThePace() {
        assertThat(new Drift(50).forecast(line(20), 2)).containsExactly(45, 47);
    }

    @Test
    void seasonalChange_addsHalfOfLastPeriodsChange() {
        double[] history = {0, 0, 4, 8, 100};

        assertThat(new SeasonalChange(3).forecast(history, 2)).containsExactly(102, 104);
    }

    @Test
    void periodMean_isTheMeanOfPeriods() {
        assertThat(new PeriodMean(12, 4).forecast(SAW, 3))
                .containsExactly(new double[] {10, 11, 12}, Offset.offset(1e-9));
    }

    @Test
    void theta_goesOnHalfAsSteepAsTheTrend() {
        double[] forecast = new Theta(1).forecast(line(50), 10);

        assertThat(forecast[9] - forecast[0]).isCloseTo(9, Offset.offset(1e-6));
    }

    @Test
    void dampedTrend_restoresTheSeason() {
        double[] forecast = new DampedTrend(12).forecast(SAW, 12);

        for (int h = 0; h < 12; h++) {
            assertThat(forecast[h]).isCloseTo(SAW[h], Offset.offset(0.5));
        }
    }

    @Test
    void ridge_findsTheRhythm_inEverySpace() {
        for (RidgeAutoregression.Space space : RidgeAutoregression.Space.values()) {
            double[] forecast = new RidgeAutoregression(space, 12, false).forecast(SAW, 12);
            for (int h = 0; h < 12; h++) {
                assertThat(forecast[h]).as("%s at %d", space, h).isCloseTo(SAW[h], Offset.offset(1.5));
            }
        }
    }

    @Test
    void ridge_staysNearItsRange_whateverTheHistory() {
        Seeded.forAll(random -> {
            double[] history = random.doubles(30 + random.nextInt(100), -5, 5).toArray();

            double[] forecast = new RidgeAutoregression(RidgeAutoregression.Space.LOG, 7, random.nextBoolean())
                    .forecast(history, 50);

            assertThat(java.util.Arrays.stream(forecast).allMatch(v -> v > -8 && v < 8))
                    .isTrue();
        });
    }

    @Test
    void cholesky_solves() {
        double[] x = Cholesky.solve(new double[][] {{4, 0}, {2, 3}}, new double[] {8, 7});

        assertThat(x).containsExactly(new double[] {1.25, 1.5}, Offset.offset(1e-12));
    }
}
