package io.auspex.histogram;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import io.auspex.support.Seeded;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class HistogramSumTest {
    private static final double[] NONE = new double[0];

    /** A histogram whose buckets do not overlap. Whole counts, so that sums are exact in any order. */
    static NativeHistogram random(RandomGenerator random) {
        double[] positive = counts(random);
        double[] negative = counts(random);
        double zero = random.nextInt(5);
        double count = zero;
        for (double each : positive) {
            count += each;
        }
        for (double each : negative) {
            count += each;
        }
        double[] thresholds = {0, 1e-3, 0.25, 1, 3};
        double threshold = thresholds[random.nextInt(thresholds.length)];
        int schema = random.nextInt(-2, 4);
        return new NativeHistogram(
                schema,
                count,
                random.nextInt(100),
                threshold,
                zero,
                firstAbove(threshold, schema) + random.nextInt(4),
                positive,
                firstAbove(threshold, schema) + random.nextInt(4),
                negative,
                NONE,
                ResetHint.UNKNOWN);
    }

    /** The first bucket that does not reach into the zero bucket. */
    private static int firstAbove(double threshold, int schema) {
        int index = -5;
        while (threshold > 0 && BucketBounds.exponential(index - 1, schema) < threshold) {
            index++;
        }
        return index;
    }

    private static double[] counts(RandomGenerator random) {
        double[] counts = new double[random.nextInt(9)];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = random.nextInt(3) == 0 ? 0 : random.nextInt(9);
        }
        return counts;
    }

    private static NativeHistogram custom(double[] bounds, double... counts) {
        double count = 0;
        for (double each : counts) {
            count += each;
        }
        return new NativeHistogram(
                NativeHistogram.CUSTOM_SCHEMA, count, 1, 0, 0, 0, counts, 0, NONE, bounds, ResetHint.UNKNOWN);
    }

    private static double populated(NativeHistogram histogram) {
        double sum = 0;
        for (BucketCursor bucket = BucketCursor.ascending(histogram); bucket.next(); ) {
            sum += bucket.count();
        }
        return sum;
    }

    @Test
    void add_doesNotDependOnTheOrder_andLosesNoObservation() {
        Seeded.forAll(random -> {
            NativeHistogram a = random(random);
            NativeHistogram b = random(random);
            HistogramSum ab = HistogramSum.of(a);
            HistogramSum ba = HistogramSum.of(b);

            assertThat(ab.add(b)).isEqualTo(Mismatch.NONE);
            assertThat(ba.add(a)).isEqualTo(Mismatch.NONE);

            NativeHistogram sum = ab.toHistogram();
            assertThat(Histograms.sameContent(sum, ba.toHistogram()))
                    .as(a + " + " + b)
                    .isTrue();
            assertThat(sum.count()).isEqualTo(a.count() + b.count());
            assertThat(sum.schema()).isEqualTo(Math.min(a.schema(), b.schema()));
            assertThat(populated(sum)).isEqualTo(populated(a) + populated(b));
        });
    }

    @Test
    void add_leavesItsOperandsAsTheyAre() {
        Seeded.forAll(random -> {
            NativeHistogram a = random(random);
            NativeHistogram b = random(random);
            double[] positive = a.positive().clone();
            double[] other = b.positive().clone();

            HistogramSum sum = HistogramSum.of(a);
            sum.add(b);
            sum.multiply(3).divide(2).compact();

            assertThat(a.positive()).isEqualTo(positive);
            assertThat(b.positive()).isEqualTo(other);
        });
    }

    @Test
    void subtract_undoesAdd_whereLayoutsAreEqual() {
        Seeded.forAll(random -> {
            NativeHistogram a = random(random);
            HistogramSum twice = HistogramSum.of(a);
            twice.add(a);
            twice.subtract(a);

            assertThat(Histograms.sameContent(twice.toHistogram(), a)).isTrue();
        });
    }

    @Test
    void reduce_commutesWithAdd() {
        Seeded.forAll(random -> {
            NativeHistogram a = random(random);
            NativeHistogram b = random(random);
            if (a.zeroThreshold() != b.zeroThreshold()) {
                return;
            }
            HistogramSum late = HistogramSum.of(a);
            late.add(b);
            HistogramSum early = HistogramSum.of(a).reduce(-3);
            early.add(HistogramSum.of(b).reduce(-3));

            if (a.zeroThreshold() == 0) {
                assertThat(Histograms.sameContent(late.reduce(-3).toHistogram(), early.toHistogram()))
                        .isTrue();
            }
        });
    }

    @Test
    void add_refusesOtherSchemasAndBounds() {
        NativeHistogram exponential = small();
        NativeHistogram five = custom(new double[] {1, 5}, 1, 2, 3);
        NativeHistogram ten = custom(new double[] {1, 10}, 1, 2, 3);

        assertThat(HistogramSum.of(five).add(exponential)).isEqualTo(Mismatch.SCHEMA);
        assertThat(HistogramSum.of(five).subtract(ten)).isEqualTo(Mismatch.BOUNDS);
        HistogramSum sum = HistogramSum.of(five);
        assertThat(sum.add(five)).isEqualTo(Mismatch.NONE);
        assertThat(sum.toHistogram().positive()).containsExactly(2, 4, 6);
    }

    private static NativeHistogram small() {
        return new NativeHistogram(0, 3, 4, 0.001, 1, 0, new double[] {1, 1}, 0, NONE, NONE, ResetHint.UNKNOWN);
    }

    @Test
    void divideByZero_leavesNoBuckets() {
        NativeHistogram result = HistogramSum.of(small()).divide(0).toHistogram();

        assertThat(result.positive()).isEmpty();
        assertThat(result.count()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void isReset_isFalse_whenObservationsWereOnlyAdded() {
        Seeded.forAll(random -> {
            NativeHistogram before = random(random);
            NativeHistogram more = random(random);
            HistogramSum sum = HistogramSum.of(before);
            sum.add(more);
            NativeHistogram after = sum.toHistogram();

            assertThat(Histograms.isReset(after, before))
                    .as(before + " then " + after)
                    .isFalse();
            if (more.count() > 0) {
                assertThat(Histograms.isReset(before, after)).isTrue();
            }
            assertThat(Histograms.isReset(Histograms.withHint(after, ResetHint.RESET), before))
                    .isTrue();
            assertThat(Histograms.isReset(Histograms.withHint(before, ResetHint.NOT_RESET), after))
                    .isFalse();
        });
    }
}
