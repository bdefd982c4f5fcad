package io.auspex.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SeasonalBaselineTest extends DetectorContract {
    @Override
    protected Detector trained() {
        SeasonalBaseline baseline = new SeasonalBaseline();
        double[] values = history();
        for (int i = 0; i < values.length; i++) {
            baseline.update(i * INTERVAL, values[i]);
        }
        return baseline;
    }

    @Test
    void update_findsTheDailySeason_afterThreeDays() {
        Detector baseline = trained();
        double[] third = rhythm(2 * DAY, 4 * DAY);
        Score last = baseline.update(2 * DAY * INTERVAL, third[0]);
        for (int i = 1; i < third.length; i++) {
            last = baseline.update((2 * DAY + i) * INTERVAL, third[i]);
        }

        assertThat(last.season()).isEqualTo(Season.DAILY);
        assertThat(last.expected()).isBetween(48.0, 52.0);
        assertThat(last.explanation()).contains("daily season").contains("expected");
    }

    @Test
    void update_givesABand_afterFiveMinutesOfFifteenSeconds() {
        SeasonalBaseline baseline = new SeasonalBaseline();
        Score score = baseline.update(0, 10);
        for (int i = 1; i < 20; i++) {
            score = baseline.update(i * 15_000L, 10 + i % 3);
        }

        assertThat(score.lower()).isLessThan(score.expected());
        assertThat(score.upper()).isGreaterThan(score.expected()).isLessThan(30);
        assertThat(score.detector()).startsWith("baseline-");
    }

    @Test
    void update_bandHoldsNearlyAll_ofGaussianNoise() {
        Detector baseline = trained();
        double[] day = rhythm(2 * DAY, 4 * DAY);
        int outside = 0;
        for (int i = 0; i < day.length; i++) {
            Score score = baseline.update((2 * DAY + i) * INTERVAL, day[i]);
            outside += day[i] < score.lower() || day[i] > score.upper() ? 1 : 0;
        }

        assertThat(outside / (double) day.length).isBetween(0.0003, 0.02);
    }

    @Test
    void update_noticesAConstantThatMoves() {
        SeasonalBaseline baseline = new SeasonalBaseline();
        for (int i = 0; i < 500; i++) {
            assertThat(baseline.update(i * INTERVAL, 8).score()).isLessThan(2);
        }

        assertThat(baseline.update(500 * INTERVAL, 9).score()).isGreaterThan(2);
        assertThat(baseline.update(501 * INTERVAL, 9).score()).isGreaterThan(4);
    }

    @Test
    void update_acceptsANewLevel_afterAWhile() {
        Detector baseline = trained();
        double[] shifted = rhythm(2 * DAY, 4 * DAY);
        double late = 0;
        for (int i = 0; i < shifted.length; i++) {
            Score score = baseline.update((2 * DAY + i) * INTERVAL, shifted[i] + 30);
            late = i > DAY ? Math.max(late, Math.abs(score.expected() - shifted[i] - 30)) : 0;
        }

        assertThat(late).isLessThan(10);
    }
}
