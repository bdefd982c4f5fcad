package io.auspex.ingest;

import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import io.auspex.series.StaleMarker;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code Histogram} message, which remote write 1.0 and 2.0 share, into dense buckets, and judges it as
 * Prometheus does.
 *
 * <p>Spans can say in a few bytes that two buckets are far apart, and dense buckets would pay for all between: so the
 * distance counts against a budget that {@link #begin} sets per request. Not thread-safe.
 */
final class HistogramReader {
    private static final int MOST_DENSE = 1 << 14;
    private static final int MIN_SCHEMA = -4;
    private static final int MAX_SCHEMA = 8;
    private static final ResetHint[] HINTS = ResetHint.values();
    private static final double[] NONE = {};

    private final Side positive = new Side();
    private final Side negative = new Side();
    private double[] bounds = new double[16];
    private int boundCount;
    private double count;
    private double sum;
    private int schema;
    private double zeroThreshold;
    private double zeroCount;
    private ResetHint hint = ResetHint.UNKNOWN;
    private boolean wholeCounts;
    private long timestamp;
    private long budget;
    private @Nullable Reason reason;

    /** The buckets of one sign, sparse as they were sent. */
    private static final class Side {
        private int[] offsets = new int[16];
        private int[] lengths = new int[16];
        private int spans;
        private double[] counts = new double[64];
        private int size;
        private boolean areDeltas;
        private int firstIndex;

        void clear() {
            spans = 0;
            size = 0;
            areDeltas = false;
        }

        void span(int offset, int length) {
            if (spans == offsets.length) {
                offsets = Arrays.copyOf(offsets, spans * 2);
                lengths = Arrays.copyOf(lengths, spans * 2);
            }
            offsets[spans] = offset;
            lengths[spans++] = length;
        }

        void count(double value) {
            if (size == counts.length) {
                counts = Arrays.copyOf(counts, size * 2);
            }
            counts[size++] = value;
        }

        /** How many dense buckets the spans reach over, -1 when they contradict themselves or the counts. */
        long reach() {
            long buckets = 0;
            long reach = 0;
            for (int i = 0; i < spans; i++) {
                if (lengths[i] < 0 || (i > 0 && offsets[i] < 0)) {
                    return -1;
                }
                buckets += lengths[i];
                reach += lengths[i] + (i > 0 ? (long) offsets[i] : 0);
            }
            return buckets == size ? reach : -1;
        }

        double[] dense(int reach) {
            firstIndex = spans == 0 ? 0 : offsets[0];
            if (reach == 0) {
                return NONE;
            }
            double[] dense = new double[reach];
            double value = 0;
            int at = 0;
            int from = 0;
            for (int i = 0; i < spans; i++) {
                at += i > 0 ? offsets[i] : 0;
                for (int j = 0; j < lengths[i]; j++) {
                    value = areDeltas ? value + counts[from++] : counts[from++];
                    dense[at++] = value;
                }
            }
            return dense;
        }
    }

    /** Starts a request of so many bytes. */
    void begin(int bodyBytes) {
        budget = bodyBytes + (1L << 16);
    }

    long timestamp() {
        return timestamp;
    }

    @Nullable
    Reason reason() {
        return reason;
    }

    /** Reads the message within the reader's limit; null when it is refused, and {@link #reason} says why. */
    @Nullable
    NativeHistogram read(ProtoReader in, IngestLimits limits) {
        clear();
        while (in.hasMore()) {
            int tag = in.tag();
            readField(in, tag);
        }
        return build(limits);
    }

    private void clear() {
        positive.clear();
        negative.clear();
        boundCount = 0;
        count = 0;
        sum = 0;
        schema = 0;
        zeroThreshold = 0;
        zeroCount = 0;
        hint = ResetHint.UNKNOWN;
        wholeCounts = true;
        timestamp = 0;
        reason = null;
    }

    private void readField(ProtoReader in, int tag) {
        switch (tag) {
            case 0x08 -> count = unsigned(in.varint());
            case 0x11 -> {
                count = in.fixedDouble();
                wholeCounts = false;
            }
            case 0x19 -> sum = in.fixedDouble();
            case 0x20 -> schema = (int) in.zigzag();
            case 0x29 -> zeroThreshold = in.fixedDouble();
            case 0x30 -> zeroCount = unsigned(in.varint());
            case 0x39 -> zeroCount = in.fixedDouble();
            case 0x42 -> span(in, negative);
            case 0x48, 0x4a -> deltas(in, tag, negative);
            case 0x51, 0x52 -> counts(in, tag, negative);
            case 0x5a -> span(in, positive);
            case 0x60, 0x62 -> deltas(in, tag, positive);
            case 0x69, 0x6a -> counts(in, tag, positive);
            case 0x70 -> {
                long code = in.varint();
                hint = code >= 0 && code < HINTS.length ? HINTS[(int) code] : ResetHint.UNKNOWN;
            }
            case 0x78 -> timestamp = in.varint();
            case 0x81, 0x82 -> customBounds(in, tag);
            default -> in.skip(tag);
        }
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : (value >>> 1 | (value & 1)) * 2.0;
    }

    private static void span(ProtoReader in, Side side) {
        int outer = in.enter();
        int offset = 0;
        long length = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x08 -> offset = (int) in.zigzag();
                case 0x10 -> length = in.varint();
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        side.span(offset, length < 0 || length > Integer.MAX_VALUE ? -1 : (int) length);
    }

    private static void deltas(ProtoReader in, int tag, Side side) {
        side.areDeltas = true;
        if ((tag & 7) == 0) {
            side.count(in.zigzag());
            return;
        }
        int outer = in.enter();
        while (in.hasMore()) {
            side.count(in.zigzag());
        }
        in.leave(outer);
    }

    private static void counts(ProtoReader in, int tag, Side side) {
        if ((tag & 7) == 1) {
            side.count(in.fixedDouble());
            return;
        }
        int outer = in.enter();
        while (in.hasMore()) {
            side.count(in.fixedDouble());
        }
        in.leave(outer);
    }

    private void customBounds(ProtoReader in, int tag) {
        if ((tag & 7) == 1) {
            bound(in.fixedDouble());
            return;
        }
        int outer = in.enter();
        while (in.hasMore()) {
            bound(in.fixedDouble());
        }
        in.leave(outer);
    }

    private void bound(double value) {
        if (boundCount == bounds.length) {
            bounds = Arrays.copyOf(bounds, boundCount * 2);
        }
        bounds[boundCount++] = value;
    }

    private @Nullable NativeHistogram build(IngestLimits limits) {
        long positiveReach = positive.reach();
        long negativeReach = negative.reach();
        if (positiveReach < 0 || negativeReach < 0 || !schemaHolds(positiveReach)) {
            reason = Reason.HISTOGRAM_INVALID;
            return null;
        }
        long buckets = (long) positive.size + negative.size;
        long dense = positiveReach + negativeReach;
        if (buckets > limits.maxHistogramBuckets() || dense > MOST_DENSE || dense > budget) {
            reason = Reason.HISTOGRAM_TOO_LARGE;
            return null;
        }
        budget -= dense;
        double[] above = positive.dense((int) positiveReach);
        double[] below = negative.dense((int) negativeReach);
        if (!countsHold(above, below)) {
            reason = Reason.HISTOGRAM_INVALID;
            return null;
        }
        return new NativeHistogram(
                schema,
                count,
                sum,
                zeroThreshold,
                zeroCount,
                positive.firstIndex,
                above,
                negative.firstIndex,
                below,
                boundCount == 0 ? NONE : Arrays.copyOf(bounds, boundCount),
                hint);
    }

    private boolean schemaHolds(long positiveReach) {
        if (schema != NativeHistogram.CUSTOM_SCHEMA) {
            return schema >= MIN_SCHEMA && schema <= MAX_SCHEMA && boundCount == 0;
        }
        if (negative.size > 0 || zeroCount != 0 || zeroThreshold != 0) {
            return false;
        }
        for (int i = 0; i < boundCount; i++) {
            // Written so that NaN fails; the last bucket's +Inf is implied and never listed.
            if (!(bounds[i] < Double.POSITIVE_INFINITY) || (i > 0 && !(bounds[i - 1] < bounds[i]))) {
                return false;
            }
        }
        long first = positive.spans == 0 ? 0 : positive.offsets[0];
        return first >= 0 && first + positiveReach <= boundCount + 1L;
    }

    /** No bucket below zero, and together what the histogram says it counted. */
    private boolean countsHold(double[] above, double[] below) {
        if (StaleMarker.is(sum)) {
            return true;
        }
        double total = zeroCount;
        for (double bucket : above) {
            total += bucket;
            if (!(bucket >= 0)) {
                return false;
            }
        }
        for (double bucket : below) {
            total += bucket;
            if (!(bucket >= 0)) {
                return false;
            }
        }
        if (!(zeroCount >= 0) || !(count >= 0)) {
            return false;
        }
        // Observations of NaN are counted, but in no bucket; float histograms come from divisions and are not exact.
        return !wholeCounts || (Double.isNaN(sum) ? total <= count : total == count);
    }
}
