package io.auspex.histogram;

import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import java.util.Arrays;

/**
 * A native histogram under calculation: the one mutable form, to which others are added.
 *
 * <p>Schemas and zero buckets that differ are reconciled towards the coarser one; histograms with custom
 * buckets must have equal bounds. Rules and order of operations are those of the reference's {@code
 * FloatHistogram} (release 3.5), but for one thing: where zero threshold and schema both differ, an observation
 * that went into the zero bucket is not counted in a coarser bucket a second time. Not thread-safe.
 */
public final class HistogramSum {
    private static final double[] NONE = new double[0];

    private int schema;
    private double count;
    private double sum;
    private double zeroThreshold;
    private double zeroCount;
    private final Side positive = new Side();
    private final Side negative = new Side();
    private double[] customBounds = NONE;
    private ResetHint hint = ResetHint.UNKNOWN;

    /** The buckets of one sign: dense counts from an offset on, shared with their source until changed. */
    private static final class Side {
        int offset;
        double[] counts = NONE;
        boolean shared = true;

        void take(int from, double[] source) {
            offset = from;
            counts = source;
            shared = true;
        }

        void own() {
            if (shared) {
                counts = counts.clone();
                shared = false;
            }
        }

        void add(Side other, int from, double sign) {
            int length = other.counts.length;
            while (from < length && other.counts[from] == 0) {
                from++;
            }
            while (length > from && other.counts[length - 1] == 0) {
                length--;
            }
            if (from >= length) {
                return;
            }
            cover(other.offset + from, other.offset + length);
            int shift = other.offset - offset;
            for (int i = from; i < length; i++) {
                counts[i + shift] += sign * other.counts[i];
            }
        }

        /** Makes room for the indexes {@code [first, end)}. */
        private void cover(int first, int end) {
            if (counts.length == 0) {
                take(first, new double[end - first]);
                shared = false;
                return;
            }
            int low = Math.min(first, offset);
            int high = Math.max(end, offset + counts.length);
            if (high - low == counts.length) {
                own();
                return;
            }
            double[] grown = new double[high - low];
            System.arraycopy(counts, 0, grown, offset - low, counts.length);
            counts = grown;
            offset = low;
            shared = false;
        }

        void coarsen(int schema, int target) {
            if (counts.length == 0) {
                return;
            }
            int first = BucketBounds.coarser(offset, schema, target);
            int last = BucketBounds.coarser(offset + counts.length - 1, schema, target);
            double[] merged = new double[last - first + 1];
            for (int i = 0; i < counts.length; i++) {
                merged[BucketBounds.coarser(offset + i, schema, target) - first] += counts[i];
            }
            offset = first;
            counts = merged;
            shared = false;
        }

        void trim() {
            int from = 0;
            int to = counts.length;
            while (from < to && counts[from] == 0) {
                from++;
            }
            while (to > from && counts[to - 1] == 0) {
                to--;
            }
            if (to - from < counts.length) {
                counts = to == from ? NONE : Arrays.copyOfRange(counts, from, to);
                offset = to == from ? 0 : offset + from;
                shared = false;
            }
        }
    }

    private HistogramSum() {}

    /** A sum that begins with a histogram, which stays as it is. */
    public static HistogramSum of(NativeHistogram histogram) {
        HistogramSum start = new HistogramSum();
        start.schema = histogram.schema();
        start.count = histogram.count();
        start.sum = histogram.sum();
        start.zeroThreshold = histogram.zeroThreshold();
        start.zeroCount = histogram.zeroCount();
        start.positive.take(histogram.positiveOffset(), histogram.positive());
        start.negative.take(histogram.negativeOffset(), histogram.negative());
        start.customBounds = histogram.customBounds();
        start.hint = histogram.resetHint();
        return start;
    }

    /** An empty histogram with the bucket layout of another. */
    public static HistogramSum emptyLike(NativeHistogram histogram) {
        HistogramSum empty = new HistogramSum();
        empty.schema = histogram.schema();
        empty.customBounds = histogram.customBounds();
        return empty;
    }

    public HistogramSum copy() {
        return of(toHistogram());
    }

    public int schema() {
        return schema;
    }

    public double count() {
        return count;
    }

    public boolean hasCustomBounds() {
        return schema == NativeHistogram.CUSTOM_SCHEMA;
    }

    public HistogramSum hint(ResetHint newHint) {
        hint = newHint;
        return this;
    }

    public NativeHistogram toHistogram() {
        positive.shared = true;
        negative.shared = true;
        return new NativeHistogram(
                schema,
                count,
                sum,
                zeroThreshold,
                zeroCount,
                positive.offset,
                positive.counts,
                negative.offset,
                negative.counts,
                customBounds,
                hint);
    }

    /** Adds a histogram; on a mismatch nothing changes. */
    public Mismatch add(NativeHistogram other) {
        return add(of(other));
    }

    public Mismatch add(HistogramSum other) {
        Mismatch mismatch = mismatch(other);
        if (mismatch == Mismatch.NONE) {
            hint = joined(hint, other.hint);
            combine(other, 1);
        }
        return mismatch;
    }

    /** Subtracts a histogram; on a mismatch nothing changes. */
    public Mismatch subtract(NativeHistogram other) {
        return subtract(of(other));
    }

    public Mismatch subtract(HistogramSum other) {
        Mismatch mismatch = mismatch(other);
        if (mismatch == Mismatch.NONE) {
            combine(other, -1);
        }
        return mismatch;
    }

    private Mismatch mismatch(HistogramSum other) {
        if (hasCustomBounds() != other.hasCustomBounds()) {
            return Mismatch.SCHEMA;
        }
        return hasCustomBounds() && !Arrays.equals(customBounds, other.customBounds) ? Mismatch.BOUNDS : Mismatch.NONE;
    }

    private static ResetHint joined(ResetHint a, ResetHint b) {
        if (a == b) {
            return a;
        }
        return a == ResetHint.GAUGE || b == ResetHint.GAUGE ? ResetHint.GAUGE : ResetHint.UNKNOWN;
    }

    private void combine(HistogramSum other, double sign) {
        if (hasCustomBounds()) {
            count += sign * other.count;
            sum += sign * other.sum;
            positive.add(other.positive, 0, sign);
            return;
        }
        double otherZeroCount = reconcileZeroBuckets(other);
        zeroCount += sign * otherZeroCount;
        count += sign * other.count;
        sum += sign * other.sum;
        Side theirPositive = other.positive;
        Side theirNegative = other.negative;
        if (other.schema < schema) {
            reduce(other.schema);
        } else if (other.schema > schema) {
            theirPositive = coarsened(theirPositive, other.schema);
            theirNegative = coarsened(theirNegative, other.schema);
        }
        positive.add(theirPositive, firstAbove(theirPositive, schema), sign);
        negative.add(theirNegative, firstAbove(theirNegative, schema), sign);
    }

    /** A side of another histogram in this schema, without the buckets that went into the zero bucket. */
    private Side coarsened(Side side, int from) {
        Side copy = new Side();
        int first = firstAbove(side, from);
        copy.take(side.offset + first, Arrays.copyOfRange(side.counts, first, side.counts.length));
        copy.coarsen(from, schema);
        return copy;
    }

    /** The first bucket of a side that ends above the zero threshold. */
    private int firstAbove(Side side, int sideSchema) {
        int slot = 0;
        while (slot < side.counts.length && BucketBounds.exponential(side.offset + slot, sideSchema) <= zeroThreshold) {
            slot++;
        }
        return slot;
    }

    /** Widens the zero bucket until it ends between populated buckets of both; the other's count at that width. */
    private double reconcileZeroBuckets(HistogramSum other) {
        double otherCount = other.zeroCount;
        double otherThreshold = other.zeroThreshold;
        while (otherThreshold != zeroThreshold) {
            if (zeroThreshold > otherThreshold) {
                ZeroBucket wider = other.widened(zeroThreshold);
                otherCount = wider.count;
                otherThreshold = wider.threshold;
            }
            if (otherThreshold > zeroThreshold) {
                widen(widened(otherThreshold));
            }
        }
        return otherCount;
    }

    record ZeroBucket(double count, double threshold) {}

    /** The zero bucket at a larger threshold, which grows further when it would cut a populated bucket. */
    ZeroBucket widened(double threshold) {
        if (threshold == zeroThreshold) {
            return new ZeroBucket(zeroCount, threshold);
        }
        double limit = threshold;
        while (true) {
            double swallowed = zeroCount;
            for (int i = 0; i < positive.counts.length; i++) {
                int index = positive.offset + i;
                if (BucketBounds.exponential(index - 1, schema) >= limit) {
                    break;
                }
                swallowed += positive.counts[i];
                double upper = BucketBounds.exponential(index, schema);
                if (upper > limit) {
                    limit = positive.counts[i] != 0 ? upper : limit;
                    break;
                }
            }
            boolean again = false;
            for (int i = 0; i < negative.counts.length; i++) {
                int index = negative.offset + i;
                if (BucketBounds.exponential(index - 1, schema) >= limit) {
                    break;
                }
                swallowed += negative.counts[i];
                double upper = BucketBounds.exponential(index, schema);
                if (upper > limit) {
                    if (negative.counts[i] != 0) {
                        limit = upper;
                        again = true;
                    }
                    break;
                }
            }
            if (!again) {
                return new ZeroBucket(swallowed, limit);
            }
        }
    }

    /** Takes a wider zero bucket as its own. */
    HistogramSum widen(ZeroBucket wider) {
        zeroCount = wider.count;
        zeroThreshold = wider.threshold;
        clearBelow(positive);
        clearBelow(negative);
        return this;
    }

    private void clearBelow(Side side) {
        for (int i = 0;
                i < side.counts.length && BucketBounds.exponential(side.offset + i - 1, schema) < zeroThreshold;
                i++) {
            side.own();
            side.counts[i] = 0;
        }
        side.trim();
    }

    /** Lowers the resolution to a schema that is at most the present one. */
    public HistogramSum reduce(int target) {
        if (target < schema) {
            positive.coarsen(schema, target);
            negative.coarsen(schema, target);
            schema = target;
        }
        return this;
    }

    public HistogramSum multiply(double factor) {
        zeroCount *= factor;
        count *= factor;
        sum *= factor;
        multiply(positive, factor);
        multiply(negative, factor);
        return this;
    }

    private static void multiply(Side side, double factor) {
        side.own();
        for (int i = 0; i < side.counts.length; i++) {
            side.counts[i] *= factor;
        }
    }

    /** Divides all counts and the sum; a division by zero removes all buckets. */
    public HistogramSum divide(double divisor) {
        zeroCount /= divisor;
        count /= divisor;
        sum /= divisor;
        divide(positive, divisor);
        divide(negative, divisor);
        return this;
    }

    private static void divide(Side side, double divisor) {
        if (divisor == 0) {
            side.take(0, NONE);
            return;
        }
        side.own();
        for (int i = 0; i < side.counts.length; i++) {
            side.counts[i] /= divisor;
        }
    }

    /** Removes empty buckets at the ends. */
    public HistogramSum compact() {
        positive.trim();
        negative.trim();
        return this;
    }
}
