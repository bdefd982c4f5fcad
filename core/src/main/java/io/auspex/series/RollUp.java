package io.auspex.series;

import java.util.Arrays;

/**
 * Aggregates of one series of floats over buckets of one width. A bucket {@code (start, start + width]} is open to the
 * left like the ranges of queries, so that a range whose ends are bounds of buckets has exactly their samples.
 *
 * <p>Stale markers end a series but are no samples. Native histograms are not rolled up. Of the values of a bucket
 * the smallest and greatest are NaN only when all are.
 *
 * <p>A growable buffer that its owner refills; not thread-safe.
 */
public final class RollUp {
    /** Beyond so many falls within a day a series is taken for a gauge, whose falls nobody adds up. */
    static final int MOST_RESETS = 24;

    private long[] starts = new long[64];
    private double[] last = new double[64];
    private double[] min = new double[64];
    private double[] max = new double[64];
    private double[] sum = new double[64];
    private double[] count = new double[64];
    private double[] resets = new double[64];
    private int size;
    private long[] stale = new long[4];
    private int staleCount;
    private double first;

    public void clear() {
        size = 0;
        staleCount = 0;
        first = 0;
    }

    /** Buckets that have a sample. */
    public int size() {
        return size;
    }

    /** The exclusive begin of a bucket in Unix milliseconds. */
    public long start(int bucket) {
        return starts[bucket];
    }

    /** The newest sample. */
    public double last(int bucket) {
        return last[bucket];
    }

    public double min(int bucket) {
        return min[bucket];
    }

    public double max(int bucket) {
        return max[bucket];
    }

    /** The compensated sum, as {@code sum_over_time} adds up. */
    public double sum(int bucket) {
        return sum[bucket];
    }

    public double count(int bucket) {
        return count[bucket];
    }

    /** What a counter had counted each time it began anew within the bucket, together; 0 for a gauge. */
    public double resets(int bucket) {
        return resets[bucket];
    }

    /** How far a counter went from the last sample before the bucket, or the first of all, to the last one in it. */
    public double increase(int bucket) {
        return last[bucket] - (bucket == 0 ? first : last[bucket - 1]) + resets[bucket];
    }

    /** The first sample of all. */
    public double first() {
        return first;
    }

    /** How many buckets' newest sample is a stale marker; such a bucket may have no other sample. */
    public int staleCount() {
        return staleCount;
    }

    /** The exclusive begin of a bucket that ends stale; ascending. */
    public long stale(int index) {
        return stale[index];
    }

    public boolean isEmpty() {
        return size == 0 && staleCount == 0;
    }

    /**
     * Aggregates samples, best those of one UTC day with the right end and without the left.
     *
     * @return whether native histograms were among them, which are left out
     */
    public boolean aggregate(SampleColumn samples, long width) {
        clear();
        boolean histograms = false;
        boolean any = false;
        int falls = 0;
        long bucket = Long.MIN_VALUE;
        double error = 0;
        double previous = 0;
        for (int i = 0; i < samples.size(); i++) {
            if (samples.hasHistograms() && samples.histogram(i) != null) {
                histograms = true;
                continue;
            }
            double value = samples.value(i);
            long start = Math.floorDiv(samples.timestamp(i) - 1, width) * width;
            boolean isStale = StaleMarker.is(value);
            if (staleCount > 0 && stale[staleCount - 1] == start && !isStale) {
                staleCount--;
            }
            if (isStale) {
                addStale(start);
                continue;
            }
            if (start != bucket || size == 0) {
                closeSum(error);
                error = 0;
                open(start);
                bucket = start;
            }
            int at = size - 1;
            if (!any) {
                first = value;
                any = true;
            } else if (value < previous) {
                resets[at] += previous;
                falls++;
            }
            previous = value;
            error = add(at, value, error);
        }
        closeSum(error);
        if (falls > MOST_RESETS) {
            Arrays.fill(resets, 0, size, 0);
        }
        return histograms;
    }

    private double add(int at, double value, double error) {
        last[at] = value;
        count[at]++;
        if (value < min[at] || Double.isNaN(min[at])) {
            min[at] = value;
        }
        if (value > max[at] || Double.isNaN(max[at])) {
            max[at] = value;
        }
        double before = sum[at];
        double next = before + value;
        sum[at] = next;
        if (Double.isInfinite(next)) {
            return 0;
        }
        return Math.abs(before) >= Math.abs(value) ? error + (before - next + value) : error + (value - next + before);
    }

    private void closeSum(double error) {
        if (size > 0 && !Double.isInfinite(sum[size - 1])) {
            sum[size - 1] += error;
        }
    }

    private void open(long start) {
        append(start, 0, Double.NaN, Double.NaN, 0, 0, 0);
    }

    private void addStale(long start) {
        if (staleCount > 0 && stale[staleCount - 1] == start) {
            return;
        }
        if (staleCount == stale.length) {
            stale = Arrays.copyOf(stale, staleCount * 2);
        }
        stale[staleCount++] = start;
    }

    private void append(
            long start, double newest, double least, double most, double total, double samples, double reset) {
        if (size == starts.length) {
            ensure(size * 2);
        }
        starts[size] = start;
        last[size] = newest;
        min[size] = least;
        max[size] = most;
        sum[size] = total;
        count[size] = samples;
        resets[size] = reset;
        size++;
    }

    private void ensure(int capacity) {
        if (starts.length < capacity) {
            starts = Arrays.copyOf(starts, capacity);
            last = Arrays.copyOf(last, capacity);
            min = Arrays.copyOf(min, capacity);
            max = Arrays.copyOf(max, capacity);
            sum = Arrays.copyOf(sum, capacity);
            count = Arrays.copyOf(count, capacity);
            resets = Arrays.copyOf(resets, capacity);
        }
    }

    // columns in place, for RollUpPacks

    long[] starts() {
        return starts;
    }

    double[] column(RollUpPacks.Part part) {
        return switch (part) {
            case LAST -> last;
            case MIN -> min;
            case MAX -> max;
            case SUM -> sum;
            case COUNT -> count;
            case RESETS -> resets;
            case FIRST, STALE -> throw new IllegalArgumentException(part + " has not one value for each bucket");
        };
    }

    long[] stales() {
        return stale;
    }

    void resize(int buckets) {
        ensure(buckets);
        size = buckets;
    }

    void resizeStale(int buckets) {
        if (stale.length < buckets) {
            stale = Arrays.copyOf(stale, buckets);
        }
        staleCount = buckets;
    }

    void first(double value) {
        first = value;
    }
}
