package io.auspex.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DeparturesTest {
    private static final long INTERVAL = 10_000;

    private long time;

    private Score send(SeasonalBaseline baseline, double value) {
        time += INTERVAL;
        return baseline.update(time, value);
    }

    private SeasonalBaseline constant(double value, int samples) {
        SeasonalBaseline baseline = new SeasonalBaseline();
        for (int i = 0; i < samples; i++) {
            send(baseline, value);
        }
        return baseline;
    }

    @Test
    void firstBlipOfAConstantSeries_isAsRareAsTheHistorySays() {
        SeasonalBaseline baseline = constant(0, 1012);

        assertThat(send(baseline, 0.001).score()).isEqualTo(3, within(0.01));
    }

    @Test
    void lastingDeparture_ofAConstantSeries_becomesRarerWithEachSample() {
        SeasonalBaseline baseline = constant(0, 1012);

        double first = send(baseline, 5).score();
        double second = send(baseline, 5).score();
        double third = send(baseline, 5).score();

        assertThat(List.of(second / first, third / first))
                .allSatisfy(ratio -> assertThat(ratio).isGreaterThan(1.9));
        assertThat(third).isGreaterThan(8);
    }

    @Test
    void departureThatKeepsComing_stopsBeingOdd() {
        SeasonalBaseline baseline = constant(0, 500);
        double last = 0;
        for (int i = 0; i < 50; i++) {
            send(baseline, 0.2);
            last = send(baseline, 0.2).score();
            for (int k = 0; k < 10; k++) {
                send(baseline, 0);
            }
        }

        assertThat(last).isLessThan(1.5);
    }

    @Test
    void departureThatStays_isWhatIsExpectedFromThenOn() {
        SeasonalBaseline baseline = constant(7, 500);
        for (int i = 0; i < 12; i++) {
            send(baseline, 9);
        }

        Score after = send(baseline, 9);

        assertThat(after.expected()).isEqualTo(9, within(0.01));
        assertThat(after.score()).isLessThan(3);
    }

    @Test
    void save_keepsWhatIsKnownOfDepartures() {
        SeasonalBaseline baseline = constant(0, 300);
        send(baseline, 4);
        SeasonalBaseline restored = SeasonalBaseline.restore(baseline.save());

        time += INTERVAL;

        assertThat(restored.update(time, 4).score())
                .isEqualTo(baseline.update(time, 4).score());
    }

    @Test
    void bandOfASeriesThatWasNeverNegative_endsAtZero() {
        SeasonalBaseline baseline = new SeasonalBaseline();
        Score last = null;
        for (int i = 0; i < 400; i++) {
            last = send(baseline, i % 7 == 0 ? 3 : 0.1);
        }

        assertThat(last.lower()).isNotNegative();
    }
}
