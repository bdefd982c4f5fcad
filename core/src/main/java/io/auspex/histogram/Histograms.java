package io.auspex.histogram;

import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import java.util.Arrays;

/** What is asked of one or two native histograms, as the reference answers it (release 3.5). */
public final class Histograms {
    private Histograms() {}

    public static NativeHistogram withHint(NativeHistogram h, ResetHint hint) {
        return new NativeHistogram(
                h.schema(),
                h.count(),
                h.sum(),
                h.zeroThreshold(),
                h.zeroCount(),
                h.positiveOffset(),
                h.positive(),
                h.negativeOffset(),
                h.negative(),
                h.customBounds(),
                hint);
    }

    /** Whether schema, counts, sum and populated buckets are the same, bit by bit; the reset hint does not count. */
    public static boolean sameContent(NativeHistogram a, NativeHistogram b) {
        return a.schema() == b.schema()
                && bits(a.count()) == bits(b.count())
                && bits(a.sum()) == bits(b.sum())
                && a.zeroThreshold() == b.zeroThreshold()
                && bits(a.zeroCount()) == bits(b.zeroCount())
                && (!a.hasCustomBounds() || Arrays.equals(a.customBounds(), b.customBounds()))
                && sameBuckets(a.positiveOffset(), a.positive(), b.positiveOffset(), b.positive())
                && sameBuckets(a.negativeOffset(), a.negative(), b.negativeOffset(), b.negative());
    }

    private static boolean sameBuckets(int offsetA, double[] a, int offsetB, double[] b) {
        int low = Math.min(offsetA, offsetB);
        int high = Math.max(offsetA + a.length, offsetB + b.length);
        for (int index = low; index < high; index++) {
            if (bits(at(offsetA, a, index)) != bits(at(offsetB, b, index))) {
                return false;
            }
        }
        return true;
    }

    private static double at(int offset, double[] counts, int index) {
        int slot = index - offset;
        return slot < 0 || slot >= counts.length ? 0 : counts[slot];
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    /**
     * Whether a counter was reset between two samples: any count fell, a populated bucket is gone, or the
     * layout changed in a way that only a restart explains. A hint of the sender decides before that.
     */
    public static boolean isReset(NativeHistogram current, NativeHistogram previous) {
        if (current.resetHint() == ResetHint.RESET) {
            return true;
        }
        if (current.resetHint() == ResetHint.NOT_RESET) {
            return false;
        }
        if (current.count() < previous.count() || layoutChanged(current, previous)) {
            return true;
        }
        if (current.hasCustomBounds()) {
            return fell(
                    current.positiveOffset(), current.positive(), previous.positiveOffset(), previous.positive(), 0);
        }
        HistogramSum before = HistogramSum.of(previous);
        HistogramSum.ZeroBucket zero = before.widened(current.zeroThreshold());
        if (zero.threshold() != current.zeroThreshold() || current.zeroCount() < zero.count()) {
            return true;
        }
        NativeHistogram aligned = before.widen(zero).reduce(current.schema()).toHistogram();
        return fellAbove(current, aligned);
    }

    private static boolean layoutChanged(NativeHistogram current, NativeHistogram previous) {
        return current.hasCustomBounds() != previous.hasCustomBounds()
                || (current.hasCustomBounds() && !Arrays.equals(current.customBounds(), previous.customBounds()))
                || current.schema() > previous.schema()
                || current.zeroThreshold() < previous.zeroThreshold();
    }

    private static boolean fellAbove(NativeHistogram current, NativeHistogram before) {
        int positive = firstAbove(before.positiveOffset(), before.positive(), current);
        int negative = firstAbove(before.negativeOffset(), before.negative(), current);
        return fell(current.positiveOffset(), current.positive(), before.positiveOffset(), before.positive(), positive)
                || fell(
                        current.negativeOffset(),
                        current.negative(),
                        before.negativeOffset(),
                        before.negative(),
                        negative);
    }

    /** The first bucket that ends above the zero threshold of another histogram of the same schema. */
    private static int firstAbove(int offset, double[] counts, NativeHistogram histogram) {
        int slot = 0;
        while (slot < counts.length
                && BucketBounds.exponential(offset + slot, histogram.schema()) <= histogram.zeroThreshold()) {
            slot++;
        }
        return slot;
    }

    private static boolean fell(int offset, double[] current, int offsetBefore, double[] before, int from) {
        for (int i = from; i < before.length; i++) {
            int slot = offsetBefore + i - offset;
            boolean missing = slot < 0 || slot >= current.length;
            if (missing ? before[i] != 0 : current[slot] < before[i]) {
                return true;
            }
        }
        return false;
    }

    /**
     * The variance of the observations, each taken at its bucket's mean: arithmetic for custom buckets, zero
     * in the zero bucket, geometric elsewhere.
     */
    public static double variance(NativeHistogram histogram) {
        double mean = histogram.sum() / histogram.count();
        double total = 0;
        double compensation = 0;
        for (BucketCursor bucket = BucketCursor.ascending(histogram); bucket.next(); ) {
            if (bucket.count() == 0) {
                continue;
            }
            double delta = middle(histogram, bucket) - mean;
            double term = bucket.count() * delta * delta;
            double next = total + term;
            if (Double.isInfinite(next)) {
                compensation = 0;
            } else if (Math.abs(total) >= Math.abs(term)) {
                compensation += total - next + term;
            } else {
                compensation += term - next + total;
            }
            total = next;
        }
        return (total + compensation) / histogram.count();
    }

    private static double middle(NativeHistogram histogram, BucketCursor bucket) {
        if (histogram.hasCustomBounds()) {
            return (bucket.upper() + bucket.lower()) / 2;
        }
        if (bucket.lower() <= 0 && bucket.upper() >= 0) {
            return 0;
        }
        double middle = Math.sqrt(bucket.upper() * bucket.lower());
        return bucket.upper() < 0 ? -middle : middle;
    }
}
