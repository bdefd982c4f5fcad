package io.auspex.histogram;

import io.auspex.series.NativeHistogram;

/**
 * Walks over all buckets of a histogram: negative, zero and positive, from the lowest to the highest or back.
 *
 * <p>Buckets that overlap the zero bucket are cut at its threshold. An empty zero bucket is left out.
 */
public final class BucketCursor {
    private final NativeHistogram histogram;
    private final boolean descending;

    /** -1: the side that comes first, 0: zero bucket, 1: the other side, 2: over. */
    private int stage = -1;

    private int position;
    private double lower;
    private double upper;
    private double count;

    private BucketCursor(NativeHistogram histogram, boolean descending) {
        this.histogram = histogram;
        this.descending = descending;
    }

    public static BucketCursor ascending(NativeHistogram histogram) {
        return new BucketCursor(histogram, false);
    }

    public static BucketCursor descending(NativeHistogram histogram) {
        return new BucketCursor(histogram, true);
    }

    /** Moves to the next bucket; false when there is none. */
    public boolean next() {
        while (stage < 2) {
            if (stage == 0) {
                stage = 1;
                position = 0;
                if (histogram.zeroCount() > 0) {
                    lower = -histogram.zeroThreshold();
                    upper = histogram.zeroThreshold();
                    count = histogram.zeroCount();
                    return true;
                }
            } else if (side()) {
                return true;
            } else {
                stage++;
                position = 0;
            }
        }
        return false;
    }

    private boolean side() {
        boolean first = stage < 0;
        boolean positive = first == descending;
        double[] counts = positive ? histogram.positive() : histogram.negative();
        if (position >= counts.length) {
            return false;
        }
        int slot = first ? counts.length - 1 - position : position;
        position++;
        count = counts[slot];
        if (positive) {
            int index = histogram.positiveOffset() + slot;
            upper = BucketBounds.upper(index, histogram.schema(), histogram.customBounds());
            lower = BucketBounds.upper(index - 1, histogram.schema(), histogram.customBounds());
        } else {
            int index = histogram.negativeOffset() + slot;
            lower = -BucketBounds.exponential(index, histogram.schema());
            upper = -BucketBounds.exponential(index - 1, histogram.schema());
        }
        double threshold = histogram.zeroThreshold();
        if (upper < 0 && upper > -threshold) {
            upper = -threshold;
        } else if (lower > 0 && lower < threshold) {
            lower = threshold;
        }
        return true;
    }

    public double lower() {
        return lower;
    }

    public double upper() {
        return upper;
    }

    public double count() {
        return count;
    }
}
