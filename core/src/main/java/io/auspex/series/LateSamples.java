package io.auspex.series;

import java.util.Arrays;

/**
 * Samples of one series that do not fit the raw tail: floats out of order, and native histograms. Both sorted by
 * time, unique among themselves.
 */
final class LateSamples {
    private static final long[] NO_TIMES = {};

    long[] times = NO_TIMES;
    double[] values = {};
    int count;
    long[] histogramTimes = NO_TIMES;
    NativeHistogram[] histograms = {};
    int histogramCount;

    int find(long timestamp) {
        return Arrays.binarySearch(times, 0, count, timestamp);
    }

    int findHistogram(long timestamp) {
        return Arrays.binarySearch(histogramTimes, 0, histogramCount, timestamp);
    }

    /** Puts a float where {@link #find} said it belongs. */
    void insert(int found, long timestamp, double value) {
        int at = -found - 1;
        if (count == times.length) {
            int grown = Math.max(8, count + (count >> 1));
            times = Arrays.copyOf(times, grown);
            values = Arrays.copyOf(values, grown);
        }
        System.arraycopy(times, at, times, at + 1, count - at);
        System.arraycopy(values, at, values, at + 1, count - at);
        times[at] = timestamp;
        values[at] = value;
        count++;
    }

    /** Puts a histogram where {@link #findHistogram} said it belongs. */
    void insert(int found, long timestamp, NativeHistogram histogram) {
        int at = -found - 1;
        if (histogramCount == histogramTimes.length) {
            int grown = Math.max(8, histogramCount + (histogramCount >> 1));
            histogramTimes = Arrays.copyOf(histogramTimes, grown);
            histograms = Arrays.copyOf(histograms, grown);
        }
        System.arraycopy(histogramTimes, at, histogramTimes, at + 1, histogramCount - at);
        System.arraycopy(histograms, at, histograms, at + 1, histogramCount - at);
        histogramTimes[at] = timestamp;
        histograms[at] = histogram;
        histogramCount++;
    }

    /** Whether {@code [from, to]} may hold any of these. */
    boolean overlaps(long from, long to) {
        return (count > 0 && times[0] <= to && times[count - 1] >= from)
                || (histogramCount > 0 && histogramTimes[0] <= to && histogramTimes[histogramCount - 1] >= from);
    }

    /** Merges what lies in {@code [from, to]} with a column's samples from {@code start} on. */
    void merge(long from, long to, int start, SampleColumn into) {
        int mainCount = into.size() - start;
        long[] mainTimes = Arrays.copyOfRange(into.timestamps(), start, into.size());
        double[] mainValues = Arrays.copyOfRange(into.values(), start, into.size());
        into.resize(start);
        int main = 0;
        int late = from(times, count, from);
        int histogram = from(histogramTimes, histogramCount, from);
        while (true) {
            long mainTime = main < mainCount ? mainTimes[main] : Long.MAX_VALUE;
            long lateTime = late < count && times[late] <= to ? times[late] : Long.MAX_VALUE;
            long histogramTime = histogram < histogramCount && histogramTimes[histogram] <= to
                    ? histogramTimes[histogram]
                    : Long.MAX_VALUE;
            if (main < mainCount && mainTime <= lateTime && mainTime <= histogramTime) {
                into.append(mainTime, mainValues[main++]);
            } else if (late < count && times[late] <= to && lateTime <= histogramTime) {
                into.append(lateTime, values[late++]);
            } else if (histogram < histogramCount && histogramTimes[histogram] <= to) {
                into.append(histogramTime, histograms[histogram++]);
            } else {
                return;
            }
        }
    }

    private static int from(long[] times, int count, long from) {
        int found = Arrays.binarySearch(times, 0, count, from);
        return found >= 0 ? found : -found - 1;
    }

    /** Forgets everything up to a time. */
    void dropUpTo(long to) {
        int late = to == Long.MAX_VALUE ? count : from(times, count, to + 1);
        System.arraycopy(times, late, times, 0, count - late);
        System.arraycopy(values, late, values, 0, count - late);
        count -= late;
        int old = to == Long.MAX_VALUE ? histogramCount : from(histogramTimes, histogramCount, to + 1);
        System.arraycopy(histogramTimes, old, histogramTimes, 0, histogramCount - old);
        System.arraycopy(histograms, old, histograms, 0, histogramCount - old);
        Arrays.fill(histograms, histogramCount - old, histogramCount, null);
        histogramCount -= old;
    }

    boolean isEmpty() {
        return count == 0 && histogramCount == 0;
    }

    long bytes() {
        long total = 64 + 16L * times.length + 12L * histogramTimes.length + 64;
        for (int i = 0; i < histogramCount; i++) {
            NativeHistogram histogram = histograms[i];
            total += 160
                    + 8L
                            * (histogram.positive().length
                                    + histogram.negative().length
                                    + histogram.customBounds().length);
        }
        return total;
    }
}
