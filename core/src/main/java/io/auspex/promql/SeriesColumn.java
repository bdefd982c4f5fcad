package io.auspex.promql;

import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import org.jspecify.annotations.Nullable;

/**
 * One series of a query: its samples as a column aligned to the steps of the evaluation, or, as the result
 * of a range selector, at times of its own.
 *
 * <p>A slot is absent, a float or a native histogram. Owned by one evaluation; a result may be read by any
 * thread once it is handed out.
 */
public final class SeriesColumn {
    /** Receives the points of a column. */
    @FunctionalInterface
    public interface PointConsumer {
        /** One point; value is meaningless beside a histogram. */
        void point(long epochMillis, double value, @Nullable NativeHistogram histogram);
    }

    private static final int OVERHEAD_BYTES = 112;

    private Labels labels;
    private boolean dropName;
    private final Steps steps;
    private final long @Nullable [] times;
    private final double[] values;
    private final long[] present;
    private @Nullable NativeHistogram @Nullable [] histograms;
    private int size;
    private long histogramWeight;

    SeriesColumn(Labels labels, Steps steps) {
        this(labels, steps, null);
    }

    private SeriesColumn(Labels labels, Steps steps, long @Nullable [] times) {
        this.labels = labels;
        this.steps = steps;
        this.times = times;
        this.values = new double[steps.count()];
        this.present = new long[(steps.count() + 63) >>> 6];
    }

    /** A column of points at the given times. */
    static SeriesColumn atTimes(Labels labels, long[] times) {
        return new SeriesColumn(labels, new Steps(times.length == 0 ? 0 : times[0], 1, times.length), times);
    }

    public Labels labels() {
        return labels;
    }

    /** Makes the column as good as new, for another series. */
    void reset(Labels other) {
        labels = other;
        dropName = false;
        java.util.Arrays.fill(present, 0);
        histograms = null;
        histogramWeight = 0;
        size = 0;
    }

    void relabel(Labels changed) {
        labels = changed;
    }

    /** Whether the metric name and its kin fall away at the end of the evaluation. */
    boolean dropName() {
        return dropName;
    }

    void dropName(boolean drop) {
        dropName = drop;
    }

    /** How many slots there are, absent ones included. */
    public int slots() {
        return values.length;
    }

    /** How many points there are. */
    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public boolean isFull() {
        return size == values.length;
    }

    public long time(int slot) {
        return times == null ? steps.time(slot) : times[slot];
    }

    public boolean isPresent(int slot) {
        return (present[slot >>> 6] & 1L << slot) != 0;
    }

    /** The float of a slot; NaN where a histogram stands, meaningless when it is absent. */
    public double value(int slot) {
        return values[slot];
    }

    public @Nullable NativeHistogram histogram(int slot) {
        return histograms == null ? null : histograms[slot];
    }

    public boolean hasHistograms() {
        return histogramWeight > 0;
    }

    /** Whether a float stands in the slot. */
    boolean isFloat(int slot) {
        return isPresent(slot) && (histograms == null || histograms[slot] == null);
    }

    /** The points in order of time. */
    public void forEach(PointConsumer consumer) {
        for (int slot = next(0); slot >= 0; slot = next(slot + 1)) {
            consumer.point(time(slot), values[slot], histogram(slot));
        }
    }

    /** The first present slot from the given one on; -1 when there is none. */
    public int next(int from) {
        if (from >= values.length) {
            return -1;
        }
        int word = from >>> 6;
        long bits = present[word] & -1L << from;
        while (bits == 0) {
            if (++word == present.length) {
                return -1;
            }
            bits = present[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    Steps steps() {
        return steps;
    }

    /** The floats in place. */
    double[] values() {
        return values;
    }

    /** The presence bitmap in place; whoever changes it calls {@link #recount()}. */
    long[] present() {
        return present;
    }

    /** Makes a slot a float; for functions while they build their result. */
    public void set(int slot, double value) {
        values[slot] = value;
        mark(slot);
        if (histograms != null) {
            forget(slot);
        }
    }

    /** As {@link #set(int, double)}, of a slot that is absent. */
    void place(int slot, double value) {
        values[slot] = value;
        present[slot >>> 6] |= 1L << slot;
        size++;
    }

    /** Makes a slot a native histogram; for functions while they build their result. */
    public void set(int slot, NativeHistogram histogram) {
        @Nullable NativeHistogram[] column = histograms;
        if (column == null) {
            column = new NativeHistogram[values.length];
            histograms = column;
        } else {
            forget(slot);
        }
        column[slot] = histogram;
        values[slot] = Double.NaN;
        histogramWeight += weight(histogram);
        mark(slot);
    }

    /** Puts what another column holds at a slot into this one. */
    void copy(SeriesColumn from, int fromSlot, int slot) {
        NativeHistogram histogram = from.histogram(fromSlot);
        if (histogram == null) {
            set(slot, from.values[fromSlot]);
        } else {
            set(slot, histogram);
        }
    }

    void clear(int slot) {
        long bit = 1L << slot;
        if ((present[slot >>> 6] & bit) != 0) {
            present[slot >>> 6] &= ~bit;
            size--;
            forget(slot);
        }
    }

    /** Makes every slot a float with one value. */
    void fill(double value) {
        java.util.Arrays.fill(values, value);
        markAll();
    }

    /** Declares every slot a float, whose values were written in place. */
    void markAll() {
        java.util.Arrays.fill(present, -1L);
        int tail = values.length & 63;
        if (tail != 0) {
            present[present.length - 1] = (1L << tail) - 1;
        }
        size = values.length;
    }

    /** Counts the points again, after the bitmap was changed in place. */
    void recount() {
        size = 0;
        for (long word : present) {
            size += Long.bitCount(word);
        }
        @Nullable NativeHistogram[] column = histograms;
        if (column != null) {
            histogramWeight = 0;
            for (int slot = 0; slot < column.length; slot++) {
                NativeHistogram histogram = column[slot];
                if (histogram != null && isPresent(slot)) {
                    histogramWeight += weight(histogram);
                } else {
                    column[slot] = null;
                }
            }
        }
    }

    /** Samples in the sense of {@link QueryLimits#maxSamples()}. */
    long weight() {
        return size + histogramWeight;
    }

    /** Estimated bytes of a column without histograms. */
    static long bytes(int slots) {
        return OVERHEAD_BYTES + 8L * slots + slots / 8;
    }

    long bytes() {
        return OVERHEAD_BYTES
                + 8L * values.length
                + 8L * present.length
                + 16L * histogramWeight
                + (histograms == null ? 0 : 4L * values.length);
    }

    static long weight(NativeHistogram histogram) {
        int slots = histogram.positive().length + histogram.negative().length + histogram.customBounds().length;
        return (184L + 8L * slots) / 16;
    }

    private void mark(int slot) {
        long bit = 1L << slot;
        if ((present[slot >>> 6] & bit) == 0) {
            present[slot >>> 6] |= bit;
            size++;
        }
    }

    private void forget(int slot) {
        @Nullable NativeHistogram[] column = histograms;
        if (column != null) {
            NativeHistogram old = column[slot];
            if (old != null) {
                histogramWeight -= weight(old);
                column[slot] = null;
            }
        }
    }

    @Override
    public String toString() {
        return labels + " " + size + " points";
    }
}
