package io.auspex.promql;

import io.auspex.histogram.Histograms;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import io.auspex.series.SampleColumn;
import io.auspex.series.StaleMarker;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one series in a left-open range {@code (start, end]} before an evaluation time: floats and
 * native histograms apart, each in order of time, stale markers left out.
 *
 * <p>It slides from step to step over the series; both ends only move forward, so the cost of all steps
 * together is one pass. Valid only during the call it is handed to.
 */
public final class Window {
    private final Steps steps;
    private final Steps ends;
    private final long range;

    private long[] floatTimes = new long[0];
    private double[] floats = new double[0];
    private int floatTotal;
    private long[] histogramTimes = new long[0];
    private @Nullable NativeHistogram[] histograms = new NativeHistogram[0];
    private int histogramTotal;

    /** How many samples stand behind each float, when the column says so. */
    private double[] counts = new double[0];

    private boolean counted;
    private int[] bounds = {};

    private long[] ownTimes = new long[64];
    private double[] ownFloats = new double[64];

    private int step;
    private int floatFrom;
    private int floatTo;
    private int histogramFrom;
    private int histogramTo;

    Window(Steps steps, Steps ends, long range) {
        this.steps = steps;
        this.ends = ends;
        this.range = range;
    }

    /** Number of floats in the window. */
    public int floatCount() {
        return floatTo - floatFrom;
    }

    /** The time of a float of the window in Unix milliseconds. */
    public long floatTime(int index) {
        return floatTimes[floatFrom + index];
    }

    public double value(int index) {
        return floats[floatFrom + index];
    }

    public int histogramCount() {
        return histogramTo - histogramFrom;
    }

    public long histogramTime(int index) {
        return histogramTimes[histogramFrom + index];
    }

    public NativeHistogram histogram(int index) {
        return Objects.requireNonNull(histograms[histogramFrom + index]);
    }

    /** Samples in the window; an aggregate counts as those that it was made of. */
    double sampleCount() {
        double samples = histogramCount();
        if (!counted) {
            return samples + floatCount();
        }
        for (int i = floatFrom; i < floatTo; i++) {
            samples += counts[i];
        }
        return samples;
    }

    /** Whether floats are aggregates of several samples. */
    boolean isCounted() {
        return counted;
    }

    /** The open left end. */
    public long start() {
        return end() - range;
    }

    /** The closed right end: the evaluation time less the offset, or what {@code @} says. */
    public long end() {
        return end(step);
    }

    /** The length of the range in milliseconds. */
    public long range() {
        return range;
    }

    /** The evaluation time of the step. */
    public long evaluationTime() {
        return steps.time(step);
    }

    boolean isEmpty() {
        return floatTo == floatFrom && histogramTo == histogramFrom;
    }

    /** All floats of the series, of which the window shows {@code floatFrom() .. floatTo()}. */
    double[] floats() {
        return floats;
    }

    long[] floatTimes() {
        return floatTimes;
    }

    int floatFrom() {
        return floatFrom;
    }

    int floatTo() {
        return floatTo;
    }

    int floatTotal() {
        return floatTotal;
    }

    int histogramFrom() {
        return histogramFrom;
    }

    int histogramTo() {
        return histogramTo;
    }

    int histogramTotal() {
        return histogramTotal;
    }

    NativeHistogram histogramAt(int absolute) {
        return Objects.requireNonNull(histograms[absolute]);
    }

    long histogramTimeAt(int absolute) {
        return histogramTimes[absolute];
    }

    /** Samples in the window, histograms by their weight. */
    long weight() {
        long weight = floatCount();
        for (int i = histogramFrom; i < histogramTo; i++) {
            weight += SeriesColumn.weight(histogramAt(i));
        }
        return weight;
    }

    /** Whether the series has floats and nothing else. */
    boolean hasFloatsOnly() {
        return histogramTotal == 0 && !counted;
    }

    /** Of each step where its window begins and ends among the floats; valid until the next call. */
    int[] bounds() {
        int last = ends.count() - 1;
        if (bounds.length < 2 * steps.count()) {
            bounds = new int[2 * steps.count()];
        }
        int from = 0;
        int to = 0;
        for (int each = 0; each < steps.count(); each++) {
            long end = ends.time(Math.min(each, last));
            while (to < floatTotal && floatTimes[to] <= end) {
                to++;
            }
            while (from < to && floatTimes[from] <= end - range) {
                from++;
            }
            bounds[2 * each] = from;
            bounds[2 * each + 1] = to;
        }
        return bounds;
    }

    /** The closed right end at a step. */
    long end(int ofStep) {
        return ends.time(Math.min(ofStep, ends.count() - 1));
    }

    /** Shows the window of a step, which is at or after the last one shown. */
    void moveTo(int nextStep) {
        step = nextStep;
        long end = end();
        long start = end - range;
        while (floatTo < floatTotal && floatTimes[floatTo] <= end) {
            floatTo++;
        }
        while (floatFrom < floatTo && floatTimes[floatFrom] <= start) {
            floatFrom++;
        }
        while (histogramTo < histogramTotal && histogramTimes[histogramTo] <= end) {
            histogramTo++;
        }
        while (histogramFrom < histogramTo && histogramTimes[histogramFrom] <= start) {
            histogramFrom++;
        }
    }

    void load(SampleColumn samples) {
        reset();
        counted = samples.hasCounts();
        if (!counted && !samples.hasHistograms() && !hasStale(samples)) {
            floatTimes = samples.timestamps();
            floats = samples.values();
            floatTotal = samples.size();
            return;
        }
        begin(samples.size());
        for (int i = 0; i < samples.size(); i++) {
            NativeHistogram histogram = samples.histogram(i);
            if (histogram != null) {
                if (!histogram.isStale()) {
                    add(samples.timestamp(i), histogram);
                }
            } else if (!StaleMarker.is(samples.value(i))) {
                if (counted) {
                    count(samples.count(i), samples.size());
                }
                add(samples.timestamp(i), samples.value(i));
            }
        }
    }

    private void count(double samples, int capacity) {
        if (counts.length < capacity) {
            counts = Arrays.copyOf(counts, capacity);
        }
        counts[floatTotal] = samples;
    }

    /** The points of a subquery; what a histogram knew of resets before it does not hold among them. */
    void load(SeriesColumn column) {
        reset();
        begin(column.size());
        for (int slot = column.next(0); slot >= 0; slot = column.next(slot + 1)) {
            NativeHistogram histogram = column.histogram(slot);
            if (histogram == null) {
                add(column.time(slot), column.value(slot));
            } else {
                add(column.time(slot), forgetful(histogram));
            }
        }
    }

    private static NativeHistogram forgetful(NativeHistogram histogram) {
        boolean knows = histogram.resetHint() == ResetHint.RESET || histogram.resetHint() == ResetHint.NOT_RESET;
        return knows ? Histograms.withHint(histogram, ResetHint.UNKNOWN) : histogram;
    }

    private static boolean hasStale(SampleColumn samples) {
        double[] values = samples.values();
        for (int i = 0; i < samples.size(); i++) {
            if (StaleMarker.is(values[i])) {
                return true;
            }
        }
        return false;
    }

    private void reset() {
        counted = false;
        floatTotal = 0;
        histogramTotal = 0;
        floatFrom = 0;
        floatTo = 0;
        histogramFrom = 0;
        histogramTo = 0;
        step = 0;
    }

    private void begin(int capacity) {
        if (ownTimes.length < capacity) {
            ownTimes = new long[Math.max(capacity, ownTimes.length * 2)];
            ownFloats = new double[ownTimes.length];
        }
        floatTimes = ownTimes;
        floats = ownFloats;
    }

    private void add(long time, double value) {
        floatTimes[floatTotal] = time;
        floats[floatTotal++] = value;
    }

    private void add(long time, NativeHistogram histogram) {
        if (histogramTotal == histograms.length) {
            int grown = Math.max(16, histogramTotal * 2);
            histograms = Arrays.copyOf(histograms, grown);
            histogramTimes = Arrays.copyOf(histogramTimes, grown);
        }
        histogramTimes[histogramTotal] = time;
        histograms[histogramTotal++] = histogram;
    }
}
