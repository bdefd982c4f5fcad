package io.auspex.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one series as columns: ascending unique timestamps in Unix milliseconds beside float values.
 *
 * <p>A growable buffer that its owner refills; the arrays may be longer than {@link #size()}. A native
 * histogram sample stands in {@link #histogram(int)} and has the value NaN beside it. Stale markers are
 * kept, bit by bit.
 */
public final class SampleColumn {
    private long[] timestamps;
    private double[] values;
    private @Nullable NativeHistogram @Nullable [] histograms;
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
