package io.auspex.series;

import java.lang.reflect.Array;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one series as columns: ascending unique timestamps in Unix milliseconds beside float values.
 *
 * <p>A growable buffer that its owner refills; the arrays may be longer than {@link #size()}. A native
 * histogram sample stands in {@link #histogram(int)} and has the value NaN beside it. Stale markers are
 * kept, bit by bit.
 *
 * <p>What was read from a coarse tier are aggregates of buckets at the right end of each, see {@link ReadHint}.
 */
public final class SampleColumn {
    private long[] timestamps;
    private double[] values;
    private @Nullable NativeHistogram @Nullable [] histograms;
    private double @Nullable [] counts;
    private long coarseUntil = Long.MIN_VALUE;
    private long coarseMillis;
    private int size;

    public SampleColumn() {
        this(128);
    }

    public SampleColumn(int capacity) {
        timestamps = new long[capacity];
        values = new double[capacity];
    }

    public int size() {
        return size;
    }

    public void clear() {
        size = 0;
        histograms = null;
        counts = null;
        coarseUntil = Long.MIN_VALUE;
    }

    public void append(long epochMillis, double value) {
        ensure(size + 1);
        timestamps[size] = epochMillis;
        values[size] = value;
        size++;
    }

    public void append(long epochMillis, NativeHistogram histogram) {
        append(epochMillis, Double.NaN);
        @Nullable NativeHistogram[] column = histograms;
        if (column == null || column.length < timestamps.length) {
            column = column == null ? new NativeHistogram[timestamps.length] : Arrays.copyOf(column, timestamps.length);
            histograms = column;
        }
        column[size - 1] = histogram;
    }

    /** Appends an aggregate, or a sample beside aggregates; either all of a column are appended so or none. */
    public void append(long epochMillis, double value, double count) {
        append(epochMillis, value);
        double[] column = counts;
        if (column == null || column.length < timestamps.length) {
            column = column == null ? new double[timestamps.length] : Arrays.copyOf(column, timestamps.length);
            counts = column;
        }
        column[size - 1] = count;
    }

    /** As {@link #append(long, double, double)}. */
    public void append(long epochMillis, NativeHistogram histogram, double count) {
        append(epochMillis, Double.NaN, count);
        size--;
        append(epochMillis, histogram);
    }

    /** Takes the contents of another column, which must not be used any more. */
    public void become(SampleColumn other) {
        timestamps = other.timestamps;
        values = other.values;
        histograms = other.histograms;
        counts = other.counts;
        coarseUntil = other.coarseUntil;
        coarseMillis = other.coarseMillis;
        size = other.size;
    }

    /** Whether {@link #count} says how many samples stand behind each value. */
    public boolean hasCounts() {
        return counts != null;
    }

    public double count(int index) {
        double[] column = counts;
        return column == null ? 1 : column[index];
    }

    /** Says that values up to a time are of buckets of a width. */
    public void coarse(long untilMillis, long bucketMillis) {
        coarseUntil = untilMillis;
        coarseMillis = bucketMillis;
    }

    /** Whether some values are of buckets. */
    public boolean isCoarse() {
        return coarseUntil != Long.MIN_VALUE;
    }

    /** How long a value counts as current that is looked back at for a while: not less than its bucket is wide. */
    public long lookback(int index, long millis) {
        return timestamps[index] <= coarseUntil ? Math.max(millis, coarseMillis) : millis;
    }

    /** Takes out what lies in a range, inclusive on both ends: samples, and aggregates of buckets that reach into it. */
    public void cut(long fromMillis, long toMillis) {
        int start = indexFrom(fromMillis);
        int end = toMillis == Long.MAX_VALUE ? size : indexFrom(toMillis + 1);
        while (end < size && timestamps[end] - lookback(end, 0) < toMillis) {
            end++;
        }
        if (start >= end) {
            return;
        }
        System.arraycopy(timestamps, end, timestamps, start, size - end);
        System.arraycopy(values, end, values, start, size - end);
        moveWithin(histograms, end, start);
        moveWithin(counts, end, start);
        size -= end - start;
    }

    /** A column beside the others may be shorter than they are. */
    private void moveWithin(@Nullable Object array, int from, int to) {
        if (array == null) {
            return;
        }
        int length = Array.getLength(array);
        int present = Math.max(0, Math.min(size, length) - from);
        System.arraycopy(array, from, array, to, present);
        if (array instanceof NativeHistogram[] column) {
            Arrays.fill(column, Math.min(length, to + present), Math.min(size, length), null);
        }
    }

    /** Makes room, so that a bulk writer can fill {@link #timestamps()} and {@link #values()} and then {@link #resize}. */
    public void ensure(int capacity) {
        if (timestamps.length < capacity) {
            int grown = Math.max(capacity, timestamps.length * 2);
            timestamps = Arrays.copyOf(timestamps, grown);
            values = Arrays.copyOf(values, grown);
        }
    }

    public void resize(int newSize) {
        ensure(newSize);
        size = newSize;
    }

    /** The timestamps in place; valid up to {@link #size()} and until the next change. */
    public long[] timestamps() {
        return timestamps;
    }

    /** The values in place; valid up to {@link #size()} and until the next change. */
    public double[] values() {
        return values;
    }

    public long timestamp(int index) {
        return timestamps[index];
    }

    public double value(int index) {
        return values[index];
    }

    public boolean hasHistograms() {
        return histograms != null;
    }

    public @Nullable NativeHistogram histogram(int index) {
        @Nullable NativeHistogram[] column = histograms;
        return column == null || index >= column.length ? null : column[index];
    }

    /** The first index whose timestamp is at or after the given one; {@link #size()} when there is none. */
    public int indexFrom(long epochMillis) {
        int found = Arrays.binarySearch(timestamps, 0, size, epochMillis);
        return found >= 0 ? found : -found - 1;
    }
}
