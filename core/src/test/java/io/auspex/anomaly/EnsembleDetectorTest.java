package io.auspex.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class EnsembleDetectorTest extends DetectorContract {
    @Override
    protected Detector trained() {
        return Detectors.trained(times(0, 2 * DAY), history(), Detectors.LIVE_BANK_POINTS);
    }

    @Test
    void update_namesEveryMember_andTheOneThatDecides() {
        Detector detector = trained();
        double[] day = rhythm(2 * DAY, 2 * DAY + 100);
        Score score = detector.update(2 * DAY * INTERVAL, day[0]);
        for (int i = 1; i < day.length; i++) {
            score = detector.update((2 * DAY + i) * INTERVAL, day[i]);
        }

        assertThat(score.parts())
                .extracting(Score.Part::detector)
                .contains(SeasonalBaseline.POINT, SeasonalBaseline.LEVEL, "neighbours-16", "neighbours-64");
        assertThat(score.score()).isEqualTo(score.parts().get(0).score());
        assertThat(score.explanation()).contains(score.detector());
    }

    @Test
    void trained_isTheBaselineAlone_whenHistoryIsShort() {
        Detector detector = Detectors.trained(times(0, 100), rhythm(0, 100), Detectors.LIVE_BANK_POINTS);

        assertThat(detector).isInstanceOf(SeasonalBaseline.class);
    }
}
