package io.auspex.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SampleColumnCutTest {
    private static final NativeHistogram HISTOGRAM = new NativeHistogram(
            3,
            6,
            17.5,
            0.001,
            1,
            -2,
            new double[] {1, 2},
            0,
            new double[0],
            new double[0],
            NativeHistogram.ResetHint.UNKNOWN);

    private static SampleColumn column(int size) {
        SampleColumn column = new SampleColumn(1);
        for (int i = 0; i < size; i++) {
            if (i % 3 == 1) {
                column.append(10L * i, HISTOGRAM);
            } else {
                column.append(10L * i, i);
            }
        }
        return column;
    }

    private static long[] times(SampleColumn column) {
        return Arrays.copyOf(column.timestamps(), column.size());
    }

    @Test
    void cut_takesTheRange_bothEndsIncluded_andNothingElse() {
        SampleColumn column = column(9);

        column.cut(20, 50);

        assertThat(times(column)).containsExactly(0, 10, 60, 70, 80);
        assertThat(column.value(0)).isZero();
        assertThat(column.histogram(1)).isEqualTo(HISTOGRAM);
        assertThat(column.histogram(2)).isNull();
        assertThat(column.value(2)).isEqualTo(6);
        assertThat(column.histogram(3)).isEqualTo(HISTOGRAM);
        assertThat(column.value(4)).isEqualTo(8);
        column.append(90, 9);
        assertThat(column.histogram(5)).isNull();
        column.cut(81, 89);
        assertThat(column.size()).isEqualTo(6);
        column.cut(Long.MIN_VALUE, Long.MAX_VALUE);
        assertThat(column.size()).isZero();
    }

    @Test
    void cut_takesBuckets_thatReachIntoTheRange() {
        SampleColumn column = new SampleColumn(1);
        for (int i = 1; i <= 5; i++) {
            column.append(60_000L * i, i, 4); // of the minute before
        }
        column.coarse(300_000, 60_000);
        column.append(310_000, 6, 1);
        column.append(320_000, 7, 1);

        column.cut(130_000, 190_000);

        assertThat(times(column)).containsExactly(60_000, 120_000, 300_000, 310_000, 320_000);
        assertThat(column.count(2)).isEqualTo(4);
        assertThat(column.count(3)).isEqualTo(1);
        column.cut(310_000, 310_000);
        assertThat(times(column)).containsExactly(60_000, 120_000, 300_000, 320_000);
    }
}
