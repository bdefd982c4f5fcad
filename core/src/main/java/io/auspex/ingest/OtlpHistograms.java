package io.auspex.ingest;

import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import io.auspex.series.StaleMarker;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the data points of OpenTelemetry histograms: those with explicit bounds become classic histograms, exponential
 * ones become native histograms. Not thread-safe.
 */
final class OtlpHistograms {
    private static final int MIN_SCHEMA = -4;
    private static final int MAX_SCHEMA = 8;

    /** What Prometheus takes for zero where the sender does not say. */
    private static final double ZERO_THRESHOLD = 1e-128;

    private static final byte[] INFINITE = "+Inf".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_KEPT = 4_096;

    private final OtlpPoints points;
    private final ProtoReader in;
    private final Map<Double, byte[]> bounds = new HashMap<>();
    private double[] counts = new double[32];
    private int countSize;
    private double[] limits = new double[32];
    private int limitSize;
    private double count;
    private double sum;
    private boolean hasSum;
    private int offset;

    /** Buckets that the request may still bring: no more than it has bytes. */
    private long budget;

    OtlpHistograms(OtlpPoints points) {
        this.points = points;
        this.in = points.in;
    }

    void begin(int bodyLength) {
        budget = bodyLength;
        if (bounds.size() > MOST_KEPT) {
            bounds.clear();
        }
    }

    static double unsigned(long value) {
        return value >= 0 ? value : (value >>> 1 | (value & 1)) * 2.0;
    }

    private void clear() {
        countSize = 0;
        limitSize = 0;
        count = 0;
        sum = 0;
        hasSum = false;
        offset = 0;
    }

    void readExplicit(boolean supported) {
        clear();
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x11 -> points.start(in.fixed64());
                case 0x19 -> points.time(in.fixed64());
                case 0x21 -> count = unsigned(in.fixed64());
                case 0x29 -> {
                    sum = in.fixedDouble();
                    hasSum = true;
                }
                case 0x31 -> addCount(unsigned(in.fixed64()));
                case 0x32 -> {
                    int outer = in.enter();
                    while (in.hasMore()) {
                        addCount(unsigned(in.fixed64()));
                    }
                    in.leave(outer);
                }
                case 0x39 -> addLimit(in.fixedDouble());
                case 0x3a -> {
                    int outer = in.enter();
                    while (in.hasMore()) {
                        addLimit(in.fixedDouble());
                    }
                    in.leave(outer);
                }
                case 0x42 -> points.exemplar();
                case 0x4a -> points.attribute();
                case 0x50 -> points.flags(in.varint());
                default -> in.skip(tag);
            }
        }
        Reason reason = supported ? judgeExplicit() : Reason.TEMPORALITY_UNSUPPORTED;
        if (reason != null) {
            points.refuse(reason);
            return;
        }
        double below = 0;
        double lower = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < limitSize; i++) {
            below += i < countSize ? counts[i] : 0;
            points.bucket(lower, limits[i], le(limits[i]), below);
            lower = limits[i];
        }
        points.bucket(lower, Double.POSITIVE_INFINITY, INFINITE, count);
        points.sample("_count", count);
        if (hasSum || points.stale) {
            points.sample("_sum", sum);
        }
    }

    private @Nullable Reason judgeExplicit() {
        if (countSize > points.limits().maxHistogramBuckets()) {
            return Reason.HISTOGRAM_TOO_LARGE;
        }
        if (countSize != 0 && countSize != limitSize + 1) {
            return Reason.HISTOGRAM_INVALID;
        }
        for (int i = 0; i < limitSize; i++) {
            if (Double.isNaN(limits[i]) || (i > 0 && limits[i] <= limits[i - 1])) {
                return Reason.HISTOGRAM_INVALID;
            }
        }
        return null;
    }

    private byte[] le(double bound) {
        return bounds.computeIfAbsent(bound, value -> Decimals.text(value).getBytes(StandardCharsets.US_ASCII));
    }

    private void addCount(double value) {
        if (countSize == counts.length) {
            counts = Arrays.copyOf(counts, countSize * 2);
        }
        counts[countSize++] = value;
    }

    private void addLimit(double value) {
        if (limitSize == limits.length) {
            limits = Arrays.copyOf(limits, limitSize * 2);
        }
        limits[limitSize++] = value;
    }

    void readExponential(boolean supported) {
        clear();
        int scale = 0;
        double zeroCount = 0;
        double zeroThreshold = 0;
        int positiveAt = -1;
        int negativeAt = -1;
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x0a -> points.attribute();
                case 0x11 -> points.start(in.fixed64());
                case 0x19 -> points.time(in.fixed64());
                case 0x21 -> count = unsigned(in.fixed64());
                case 0x29 -> sum = in.fixedDouble();
                case 0x30 -> scale = (int) in.zigzag();
                case 0x39 -> zeroCount = unsigned(in.fixed64());
                case 0x42 -> {
                    positiveAt = in.position;
                    in.skipLength();
                }
                case 0x4a -> {
                    negativeAt = in.position;
                    in.skipLength();
                }
                case 0x50 -> points.flags(in.varint());
                case 0x5a -> points.exemplar();
                case 0x71 -> zeroThreshold = in.fixedDouble();
                default -> in.skip(tag);
            }
        }
        if (!supported) {
            points.refuse(Reason.TEMPORALITY_UNSUPPORTED);
            return;
        }
        int end = in.position;
        Reason reason = scale < MIN_SCHEMA ? Reason.HISTOGRAM_INVALID : null;
        int shift = Math.max(0, scale - MAX_SCHEMA);
        double[] above = reason == null ? side(positiveAt, shift) : null;
        int aboveOffset = offset;
        double[] below = above == null ? null : side(negativeAt, shift);
        int belowOffset = offset;
        in.position = end;
        if (reason == null && (above == null || below == null)) {
            reason = Reason.HISTOGRAM_TOO_LARGE;
        }
        boolean consistent = above == null
                || below == null
                || Arrays.stream(above).sum() + Arrays.stream(below).sum() + zeroCount <= count;
        if (reason == null && !points.stale && !(consistent && zeroThreshold >= 0)) {
            reason = Reason.HISTOGRAM_INVALID;
        }
        if (reason != null || above == null || below == null) {
            points.batch().addHistogram(points.time, null, reason);
        } else {
            points.batch()
                    .addHistogram(
                            points.time,
                            new NativeHistogram(
                                    Math.min(scale, MAX_SCHEMA),
                                    points.stale ? 0 : count,
                                    points.stale ? StaleMarker.VALUE : sum,
                                    zeroThreshold == 0 ? ZERO_THRESHOLD : zeroThreshold,
                                    zeroCount,
                                    aboveOffset,
                                    above,
                                    belowOffset,
                                    below,
                                    new double[0],
                                    ResetHint.UNKNOWN),
                            null);
        }
        points.histogramSeries();
    }

    /** The buckets of one sign in the schema; their first index becomes {@link #offset}; null when there are too many. */
    private double @Nullable [] side(int at, int shift) {
        countSize = 0;
        offset = 0;
        if (at < 0) {
            return new double[0];
        }
        in.position = at;
        int outer = in.enter();
        int first = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x08 -> first = (int) in.zigzag();
                case 0x10 -> addCount(unsigned(in.varint()));
                case 0x12 -> {
                    int packed = in.enter();
                    while (in.hasMore()) {
                        addCount(unsigned(in.varint()));
                    }
                    in.leave(packed);
                }
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        if (countSize == 0) {
            return new double[0];
        }
        // OpenTelemetry counts buckets from their lower bound, Prometheus from their upper one
        int lowest = shift > 31 ? (first < 0 ? -1 : 0) : first >> shift;
        long last = (long) first + countSize - 1;
        int highest = (int) (shift > 62 ? (last < 0 ? -1 : 0) : last >> shift);
        int size = highest - lowest + 1;
        if (size <= 0 || size > points.limits().maxHistogramBuckets() || size > budget) {
            return null;
        }
        budget -= size;
        double[] dense = new double[size];
        for (int i = 0; i < countSize; i++) {
            long index = (long) first + i;
            dense[(int) ((shift > 62 ? (index < 0 ? -1 : 0) : index >> shift) - lowest)] += counts[i];
        }
        offset = lowest + 1;
        return dense;
    }
}
