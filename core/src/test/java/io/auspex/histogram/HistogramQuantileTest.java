package io.auspex.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import io.auspex.support.Seeded;
import org.junit.jupiter.api.Test;

final class HistogramQuantileTest {
    @Test
    void fraction_isTheInverseOfQuantile() {
        Seeded.forAll(random -> {
            NativeHistogram histogram = HistogramSumTest.random(random);
            double q = random.nextDouble();
            if (histogram.count() == 0) {
                return;
            }
            double value = HistogramQuantile.quantile(q, histogram).value();

            double below = HistogramQuantile.fraction(Double.NEGATIVE_INFINITY, value, histogram)
                    .value();
            double upTo = HistogramQuantile.fraction(Double.NEGATIVE_INFINITY, Math.nextUp(value), histogram)
                    .value();
            assertThat(q).as(histogram + " at " + value).isBetween(below - 1e-6, upTo + 1e-6);
        });
    }

    @Test
    void quantile_neverFalls() {
        Seeded.forAll(random -> {
            NativeHistogram histogram = HistogramSumTest.random(random);
            double before = Double.NEGATIVE_INFINITY;
            for (double q = 0; q <= 1 && histogram.count() > 0; q += 0.05) {
                double value = HistogramQuantile.quantile(q, histogram).value();
                assertThat(value).as(histogram + " at " + q).isGreaterThanOrEqualTo(before - 1e-9 * Math.abs(before));
                before = value;
            }
        });
    }

    @Test
    void quantile_isGeometric_insideABucket() {
        NativeHistogram histogram = new NativeHistogram(
                0, 4, 6, 0, 0, 1, new double[] {4}, 0, new double[0], new double[0], ResetHint.UNKNOWN);

        assertThat(HistogramQuantile.quantile(0.5, histogram).value()).isCloseTo(Math.sqrt(2), within(1e-15));
        assertThat(HistogramQuantile.quantile(-1, histogram).value()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(HistogramQuantile.quantile(Double.NaN, histogram).value()).isNaN();
    }

    @Test
    void quantile_reportsNaNObservations() {
        NativeHistogram histogram = new NativeHistogram(
                0, 15, Double.NaN, 0, 0, 0, new double[] {12}, 0, new double[0], new double[0], ResetHint.UNKNOWN);

        assertThat(HistogramQuantile.quantile(0.9, histogram).remark()).isEqualTo(HistogramQuantile.Remark.NAN_RESULT);
        assertThat(HistogramQuantile.quantile(0.4, histogram).remark()).isEqualTo(HistogramQuantile.Remark.SKEWED);
        assertThat(HistogramQuantile.fraction(0, 9, histogram).remark())
                .isEqualTo(HistogramQuantile.Remark.NAN_EXCLUDED);
    }

    @Test
    void bounds_arePowersOfTwo_andEndAtTheGreatestDouble() {
        assertThat(BucketBounds.exponential(0, 0)).isEqualTo(1);
        assertThat(BucketBounds.exponential(3, 0)).isEqualTo(8);
        assertThat(BucketBounds.exponential(-4, 2)).isEqualTo(0.5);
        assertThat(BucketBounds.exponential(1, -4)).isEqualTo(65536);
        assertThat(BucketBounds.exponential(1024, 0)).isEqualTo(Double.MAX_VALUE);
        assertThat(BucketBounds.exponential(64, -4)).isEqualTo(Double.MAX_VALUE);
        assertThat(BucketBounds.exponential(1025, 0)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(BucketBounds.exponential(-1074, 0)).isEqualTo(Double.MIN_VALUE);
    }
}
