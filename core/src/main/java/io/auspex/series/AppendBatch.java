package io.auspex.series;

import java.util.Arrays;

/**
 * Samples of one tenant on their way into the store, and what became of each.
 *
 * <p>Float samples are numbered from 0 in the order of adding, native histograms likewise on their own. Kept and
 * reused. Not thread-safe.
 */
public final class AppendBatch {
    private int[] refs = new int[256];
    private long[] timestamps = new long[256];
    private double[] values = new double[256];
    private byte[] verdicts = new byte[256];
    private int count;

    private int[] histogramRefs = new int[8];
    private long[] histogramTimestamps = new long[8];
    private NativeHistogram[] histograms = new NativeHistogram[8];
    private byte[] histogramVerdicts = new byte[8];
    private int histogramCount;

    public void clear() {
        count = 0;
        Arrays.fill(histograms, 0, histogramCount, null);
        histogramCount = 0;
    }

    /** Adds a float sample of a registered series. */
    public void add(int ref, long epochMillis, double value) {
        if (count == refs.length) {
            int grown = count * 2;
            refs = Arrays.copyOf(refs, grown);
            timestamps = Arrays.copyOf(timestamps, grown);
            values = Arrays.copyOf(values, grown);
            verdicts = Arrays.copyOf(verdicts, grown);
        }
        refs[count] = ref;
        timestamps[count] = epochMillis;
        values[count] = value;
        count++;
    }

    /** Adds a native histogram sample of a registered series. */
    public void add(int ref, long epochMillis, NativeHistogram histogram) {
        if (histogramCount == histogramRefs.length) {
            int grown = histogramCount * 2;
            histogramRefs = Arrays.copyOf(histogramRefs, grown);
            histogramTimestamps = Arrays.copyOf(histogramTimestamps, grown);
            histograms = Arrays.copyOf(histograms, grown);
            histogramVerdicts = Arrays.copyOf(histogramVerdicts, grown);
        }
        histogramRefs[histogramCount] = ref;
        histogramTimestamps[histogramCount] = epochMillis;
        histograms[histogramCount] = histogram;
        histogramCount++;
    }

    public int count() {
        return count;
    }

    /** The refs in place, valid up to {@link #count()}; likewise the other columns. */
    public int[] refs() {
        return refs;
    }

    public long[] timestamps() {
        return timestamps;
    }

    public double[] values() {
        return values;
    }

    /** Codes of {@link Verdict}, written by the store. */
    public byte[] verdicts() {
        return verdicts;
    }

    public Verdict verdict(int sample) {
        return Verdict.of(verdicts[sample]);
    }

    public int histogramCount() {
        return histogramCount;
    }

    public int histogramRef(int index) {
        return histogramRefs[index];
    }

    public long histogramTimestamp(int index) {
        return histogramTimestamps[index];
    }

    public NativeHistogram histogram(int index) {
        return histograms[index];
    }

    public Verdict histogramVerdict(int index) {
        return Verdict.of(histogramVerdicts[index]);
    }

    public void histogramVerdict(int index, Verdict verdict) {
        histogramVerdicts[index] = verdict.code();
    }
}
