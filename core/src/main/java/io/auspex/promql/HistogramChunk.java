package io.auspex.promql;

import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import java.util.Arrays;

/**
 * Native histograms in the reference's format of float histogram chunks: a count, the hint about resets, the layout of
 * the buckets, and the samples, of which each number is written as what differs from the sample before. Kept and
 * reused. Not thread-safe.
 */
final class HistogramChunk {
    private static final int MAX_EXPONENT = 11;
    private static final int MIN_EXPONENT = -242;
    private static final double MOST_WHOLE_BOUND = 33_554_430;

    private final ChunkBits bits = new ChunkBits();
    private final XorValue count = new XorValue();
    private final XorValue zeroCount = new XorValue();
    private final XorValue sum = new XorValue();
    private XorValue[] buckets = new XorValue[0];

    /** How many of the histograms from one on fit into one chunk. */
    static int fitting(NativeHistogram[] histograms, int from, int size) {
        int to = from + 1;
        while (to < size && to - from < XorChunk.MAX_SAMPLES && continues(histograms[to - 1], histograms[to])) {
            to++;
        }
        return to - from;
    }

    /** Whether a reader that takes a histogram of the same chunk for one without a reset before it is right. */
    private static boolean continues(NativeHistogram before, NativeHistogram next) {
        if (next.isStale()) {
            return true;
        }
        if (before.isStale() || next.resetHint() == ResetHint.RESET) {
            return false;
        }
        boolean gauge = before.resetHint() == ResetHint.GAUGE;
        if (gauge != (next.resetHint() == ResetHint.GAUGE) || !sameLayout(before, next)) {
            return false;
        }
        return gauge
                || (next.count() >= before.count()
                        && next.zeroCount() >= before.zeroCount()
                        && atLeast(next.positive(), before.positive())
                        && atLeast(next.negative(), before.negative()));
    }

    private static boolean sameLayout(NativeHistogram one, NativeHistogram other) {
        return one.schema() == other.schema()
                && Double.compare(one.zeroThreshold(), other.zeroThreshold()) == 0
                && one.positive().length == other.positive().length
                && one.negative().length == other.negative().length
                && (one.positive().length == 0 || one.positiveOffset() == other.positiveOffset())
                && (one.negative().length == 0 || one.negativeOffset() == other.negativeOffset())
                && Arrays.equals(one.customBounds(), other.customBounds());
    }

    private static boolean atLeast(double[] next, double[] before) {
        for (int i = 0; i < next.length; i++) {
            if (next[i] < before[i]) {
                return false;
            }
        }
        return true;
    }

    /** The chunk of histograms that {@link #fitting} found to fit. */
    byte[] encode(long[] times, NativeHistogram[] histograms, int from, int to) {
        NativeHistogram first = histograms[from];
        bits.clear();
        bits.write(to - from, 16);
        bits.write(hint(first.resetHint()), 2);
        bits.write(0, 6);
        layout(first);
        long delta = 0;
        for (int i = from; i < to; i++) {
            if (i == from) {
                bits.varbitSigned(times[i]);
            } else {
                long next = times[i] - times[i - 1];
                bits.varbitSigned(i == from + 1 ? next : next - delta);
                delta = next;
            }
            sample(histograms[i], i == from);
        }
        return bits.toByteArray();
    }

    private static int hint(ResetHint hint) {
        return switch (hint) {
            case UNKNOWN -> 0;
            case NOT_RESET -> 1;
            case RESET -> 2;
            case GAUGE -> 3;
        };
    }

    /** A stale marker has a sum only, and no buckets, whatever the layout is. */
    private void layout(NativeHistogram histogram) {
        boolean stale = histogram.isStale();
        zeroThreshold(stale ? 0 : histogram.zeroThreshold());
        bits.varbitSigned(stale ? 0 : histogram.schema());
        span(histogram.positiveOffset(), stale ? 0 : histogram.positive().length);
        span(histogram.negativeOffset(), stale ? 0 : histogram.negative().length);
        if (!stale && histogram.hasCustomBounds()) {
            bits.varbit(histogram.customBounds().length);
            for (double bound : histogram.customBounds()) {
                bound(bound);
            }
        }
        int needed = stale ? 0 : histogram.positive().length + histogram.negative().length;
        int had = buckets.length;
        if (needed > had) {
            buckets = Arrays.copyOf(buckets, needed);
            Arrays.setAll(buckets, i -> i < had ? buckets[i] : new XorValue());
        }
    }

    /** A power of two, as it is by default, takes one byte. */
    private void zeroThreshold(double threshold) {
        if (threshold == 0) {
            bits.write(0, 8);
            return;
        }
        int exponent = Math.getExponent(threshold) + 1; // of a fraction between one half and one
        if (threshold != Math.scalb(0.5, exponent) || exponent < MIN_EXPONENT || exponent > MAX_EXPONENT) {
            bits.write(255, 8);
            bits.real(threshold);
            return;
        }
        bits.write(exponent + 243, 8);
    }

    private void span(int offset, int length) {
        if (length == 0) {
            bits.varbit(0);
            return;
        }
        bits.varbit(1);
        bits.varbit(length);
        bits.varbitSigned(offset);
    }

    /** A bound of at most three decimals is a whole number of thousandths. */
    private void bound(double bound) {
        double thousandths = bound * 1000;
        double whole = Math.round(thousandths);
        if (thousandths < 0 || thousandths > MOST_WHOLE_BOUND || whole / 1000 != bound) {
            bits.write(0, 1);
            bits.real(bound);
        } else {
            bits.varbit((long) whole + 1);
        }
    }

    private void sample(NativeHistogram histogram, boolean first) {
        boolean stale = histogram.isStale();
        value(count, stale ? 0 : histogram.count(), first);
        value(zeroCount, stale ? 0 : histogram.zeroCount(), first);
        value(sum, histogram.sum(), first);
        if (stale) {
            return;
        }
        int number = 0;
        for (double bucket : histogram.positive()) {
            value(buckets[number++], bucket, first);
        }
        for (double bucket : histogram.negative()) {
            value(buckets[number++], bucket, first);
        }
    }

    private void value(XorValue state, double value, boolean first) {
        if (first) {
            state.first(value, bits);
        } else {
            state.next(value, bits);
        }
    }
}
