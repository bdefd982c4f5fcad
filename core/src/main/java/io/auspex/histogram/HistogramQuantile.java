package io.auspex.histogram;

import io.auspex.series.NativeHistogram;

/**
 * Quantile and fraction of a native histogram.
 *
 * <p>Inside a bucket observations lie evenly on a logarithmic scale, in the zero bucket and in custom
 * buckets on a linear one. NaN observations, which count but are in no bucket, are taken as higher than all
 * others and reported. After the reference's {@code promql/quantile.go} (release 3.5).
 */
public final class HistogramQuantile {
    /** What NaN observations did to an answer. */
    public enum Remark {
        NONE,
        NAN_RESULT,
        SKEWED,
        NAN_EXCLUDED
    }

    /** A value and what is to be said about it. */
    public record Answer(double value, Remark remark) {
        static Answer of(double value) {
            return new Answer(value, Remark.NONE);
        }
    }

    private static final double LN2 = Math.log(2);

    private HistogramQuantile() {}

    /** The value below which the fraction {@code q} of the observations lies. */
    public static Answer quantile(double q, NativeHistogram h) {
        if (q < 0) {
            return Answer.of(Double.NEGATIVE_INFINITY);
        }
        if (q > 1) {
            return Answer.of(Double.POSITIVE_INFINITY);
        }
        if (h.count() == 0 || Double.isNaN(q)) {
            return Answer.of(Double.NaN);
        }
        boolean forward = Double.isNaN(h.sum()) || q < 0.5;
        double rank = forward ? q * h.count() : (1 - q) * h.count();
        BucketCursor bucket = forward ? BucketCursor.ascending(h) : BucketCursor.descending(h);
        double seen = 0;
        double inBucket = 0;
        double lower = 0;
        double upper = 0;
        while (bucket.next()) {
            lower = bucket.lower();
            upper = bucket.upper();
            inBucket = bucket.count();
            if (inBucket == 0) {
                continue;
            }
            seen += inBucket;
            if (seen >= rank) {
                break;
            }
        }
        if (h.hasCustomBounds()) {
            if (lower == Double.NEGATIVE_INFINITY) {
                if (upper <= 0) {
                    return Answer.of(upper);
                }
                lower = 0;
            } else if (upper == Double.POSITIVE_INFINITY) {
                return Answer.of(lower);
            }
        } else if (lower < 0 && upper > 0) {
            if (onlyPositive(h)) {
                lower = 0;
            } else if (onlyNegative(h)) {
                upper = 0;
            }
        }
        double reached = Math.min(seen, h.count());
        if (reached < rank) {
            return Double.isNaN(h.sum()) ? new Answer(Double.NaN, Remark.NAN_RESULT) : Answer.of(upper);
        }
        double into = forward ? rank - (reached - inBucket) : reached - rank;
        Remark remark = Remark.NONE;
        if (Double.isNaN(h.sum())) {
            double total = reached;
            while (bucket.next()) {
                total += bucket.count();
            }
            remark = total < h.count() ? Remark.SKEWED : Remark.NONE;
        }
        boolean linear = h.hasCustomBounds() || (lower <= 0 && upper >= 0);
        return new Answer(interpolate(lower, upper, into / inBucket, linear), remark);
    }

    private static boolean onlyPositive(NativeHistogram h) {
        return h.negative().length == 0 && h.positive().length > 0;
    }

    private static boolean onlyNegative(NativeHistogram h) {
        return h.positive().length == 0 && h.negative().length > 0;
    }

    private static double interpolate(double lower, double upper, double fraction, boolean linear) {
        if (linear) {
            return lower + (upper - lower) * fraction;
        }
        double logLower = log2(Math.abs(lower));
        double logUpper = log2(Math.abs(upper));
        if (lower > 0) {
            return Math.pow(2, logLower + (logUpper - logLower) * fraction);
        }
        return -Math.pow(2, logUpper + (logLower - logUpper) * (1 - fraction));
    }

    /** Base two logarithm, exact for powers of two. */
    static double log2(double value) {
        int exponent = Math.getExponent(value);
        if (exponent < Double.MIN_EXPONENT || exponent > Double.MAX_EXPONENT) {
            return Math.log(value) / LN2;
        }
        double mantissa = Math.scalb(value, -exponent);
        return mantissa == 1 ? exponent : exponent + Math.log(mantissa) / LN2;
    }

    /** The fraction of the observations between two values. */
    public static Answer fraction(double lower, double upper, NativeHistogram h) {
        if (h.count() == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Answer.of(Double.NaN);
        }
        if (lower >= upper) {
            return Answer.of(0);
        }
        double rank = 0;
        double seen = 0;
        double lowerRank = Double.NaN;
        double upperRank = Double.NaN;
        boolean lowerSet = false;
        boolean upperSet = false;
        BucketCursor bucket = BucketCursor.ascending(h);
        while (!(lowerSet && upperSet) && bucket.next()) {
            seen += bucket.count();
            boolean zero = bucket.lower() <= 0 && bucket.upper() >= 0;
            double from = zero && onlyPositive(h) ? 0 : bucket.lower();
            double to = zero && onlyNegative(h) && !onlyPositive(h) ? 0 : bucket.upper();
            boolean linear = zero || h.hasCustomBounds();
            if (!lowerSet && from >= lower) {
                lowerRank = rank;
                lowerSet = true;
            }
            if (!upperSet && from >= upper) {
                upperRank = rank;
                upperSet = true;
            }
            if (!lowerSet && from < lower && to > lower) {
                lowerRank = rankOf(lower, rank, from, to, bucket.count(), linear);
                lowerSet = true;
            }
            if (!upperSet && from < upper && to > upper) {
                upperRank = rankOf(upper, rank, from, to, bucket.count(), linear);
                upperSet = true;
            }
            rank += bucket.count();
        }
        Remark remark = Remark.NONE;
        double total = h.count();
        if (Double.isNaN(h.sum())) {
            total = seen;
            while (bucket.next()) {
                total += bucket.count();
            }
            remark = total < h.count() ? Remark.NAN_EXCLUDED : Remark.NONE;
        }
        double below = lowerSet && !(lowerRank > total) ? lowerRank : total;
        double above = upperSet && !(upperRank > total) ? upperRank : total;
        return new Answer((above - below) / h.count(), remark);
    }

    private static double rankOf(double v, double rank, double from, double to, double count, boolean linear) {
        if (linear) {
            return from == Double.NEGATIVE_INFINITY ? count : rank + count * (v - from) / (to - from);
        }
        double logFrom = log2(Math.abs(from));
        double logTo = log2(Math.abs(to));
        double logV = log2(Math.abs(v));
        double fraction = v > 0 ? (logV - logFrom) / (logTo - logFrom) : 1 - (logV - logTo) / (logFrom - logTo);
        return rank + count * fraction;
    }
}
