package io.auspex.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.SampleColumn;
import org.junit.jupiter.api.Test;

final class TimeGridTest {
    @Test
    void of_averagesCells_andFillsHolesByLines() {
        SampleColumn samples = new SampleColumn();
        samples.append(1_000, Double.NaN);
        samples.append(10_000, 1);
        samples.append(14_000, 3);
        samples.append(35_000, 8);

        TimeGrid grid = TimeGrid.of(samples, 10_000, 100);

        assertThat(grid.values()).containsExactly(2, 5, 8);
        assertThat(grid.endMillis()).isEqualTo(40_000);
        assertThat(grid.filled()).isEqualTo(1);
    }

    @Test
    void of_widensTheStep_whenThereAreTooManyCells() {
        SampleColumn samples = new SampleColumn();
        for (int i = 0; i < 1000; i++) {
            samples.append(i * 1000L, i);
        }

        TimeGrid grid = TimeGrid.of(samples, 1000, 300);

        assertThat(grid.stepMillis()).isEqualTo(4000);
        assertThat(grid.values()).hasSize(250);
    }

    @Test
    void of_isEmpty_withoutFiniteSamples() {
        assertThat(TimeGrid.of(new SampleColumn(), 1000, 10).values()).isEmpty();
    }

    @Test
    void steps_isOne_whenTheGridIsShorterThanTwoPeriods() {
        assertThat(new TimeGrid(900_000, 0, new double[191], 0).steps(86_400_000))
                .isEqualTo(1);
        assertThat(new TimeGrid(900_000, 0, new double[192], 0).steps(86_400_000))
                .isEqualTo(96);
    }

    @Test
    void interval_isTheMedianGap() {
        SampleColumn samples = new SampleColumn();
        for (long t : new long[] {0, 15_000, 30_000, 90_000, 105_000}) {
            samples.append(t, 1);
        }

        assertThat(TimeGrid.interval(samples)).isEqualTo(15_000);
    }
}
