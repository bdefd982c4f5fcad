package io.auspex.ingest;

import io.auspex.codec.Hash128;
import io.auspex.series.Exemplar;
import io.auspex.series.Labels;
import io.auspex.series.MetricMetadata;
import io.auspex.series.NativeHistogram;
import io.auspex.series.SeriesIdentity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request decoded: its series, and the samples as columns that name their series by position.
 *
 * <p>A decoder fills it, then each series is in one of three states: known ({@link #ref} is not negative), refused
 * ({@link #reason} is present) or new (neither), for which the caller registers {@link #labels} and sets the ref. One
 * series may stand at several positions, new ones included. Kept and reused. Not thread-safe.
 */
public final class DecodedBatch {
    private static final int NEW = -1;
    private static final int DESCRIPTION = 300;

    /** Buffers beyond this are given up after use, so that one large request does not stay in memory for ever. */
    private static final int MOST_KEPT_BYTES = 4 << 20;

    private static final int MOST_KEPT_ROWS = 1 << 17;

    private byte[] labelBytes = {};
    private @Nullable SeriesRewrites rewrites;
    private int seriesCount;
    private int[] labelStarts = new int[64];
    private int[] labelLengths = new int[64];
    private long[] highs = new long[64];
    private long[] lows = new long[64];
    private int[] refs = new int[64];
    private @Nullable Labels[] newLabels = new Labels[64];
    private @Nullable Reason[] reasons = new Reason[64];
    private long[] created = {};
    private boolean anyCreated;
    private final BitSet deltas = new BitSet();
    private int[] items = {};
    private int item;
    private boolean hasItems;

    private int sampleCount;
    private int[] sampleSeries = new int[512];
    private long[] timestamps = new long[512];
    private double[] values = new double[512];

    private final List<HistogramRow> histograms = new ArrayList<>();
    private final List<ExemplarRow> exemplars = new ArrayList<>();
    private final List<MetricMetadata> metadata = new ArrayList<>();

    private record HistogramRow(
            int series,
            long timestamp,
            @Nullable NativeHistogram histogram,
            @Nullable Reason reason) {}

    private record ExemplarRow(int series, @Nullable Exemplar exemplar) {}

    void clear() {
        if (seriesCount > MOST_KEPT_ROWS) {
            growSeries(64);
        }
        Arrays.fill(newLabels, 0, Math.min(seriesCount, newLabels.length), null);
        Arrays.fill(reasons, 0, Math.min(seriesCount, reasons.length), null);
        if (anyCreated) {
            created = new long[0];
            anyCreated = false;
        }
        deltas.clear();
        item = 0;
        hasItems = false;
        items = items.length > MOST_KEPT_ROWS ? new int[0] : items;
        seriesCount = 0;
        if (sampleCount > MOST_KEPT_ROWS) {
            growSamples(512);
        }
        sampleCount = 0;
        histograms.clear();
        exemplars.clear();
        metadata.clear();
        labelBytes = new byte[0];
        rewrites = null;
    }

    /** Whether a buffer of this size is worth keeping for the next request. */
    static boolean isKept(byte[] buffer) {
        return buffer.length <= MOST_KEPT_BYTES;
    }

    private void growSeries(int capacity) {
        labelStarts = Arrays.copyOf(labelStarts, capacity);
        labelLengths = Arrays.copyOf(labelLengths, capacity);
        highs = Arrays.copyOf(highs, capacity);
        lows = Arrays.copyOf(lows, capacity);
        refs = Arrays.copyOf(refs, capacity);
        newLabels = Arrays.copyOf(newLabels, capacity);
        reasons = Arrays.copyOf(reasons, capacity);
    }

    private void growSamples(int capacity) {
        sampleSeries = Arrays.copyOf(sampleSeries, capacity);
        timestamps = Arrays.copyOf(timestamps, capacity);
        values = Arrays.copyOf(values, capacity);
    }

    /**
     * Adds a series whose labels stand in a range of bytes, and hashes them while they are in the cache.
     *
     * @param labelStart where the labels will be in the bytes that {@link #resolve} is given
     */
    void addSeries(byte[] bytes, int offset, int length, int labelStart) {
        if (seriesCount == refs.length) {
            growSeries(seriesCount * 2);
        }
        if (hasItems) {
            if (items.length <= seriesCount) {
                items = Arrays.copyOf(items, Math.max(64, seriesCount * 2));
            }
            items[seriesCount] = item;
        }
        labelStarts[seriesCount] = labelStart;
        labelLengths[seriesCount] = length;
        Hash128.hash(bytes, offset, length, highs, lows, seriesCount++);
    }

    /** Adds a sample of the series that will be added next. */
    void addSample(long timestamp, double value) {
        int at = sampleCount;
        if (at == timestamps.length) {
            growSamples(at * 2);
        }
        sampleSeries[at] = seriesCount;
        timestamps[at] = timestamp;
        values[at] = value;
        sampleCount = at + 1;
    }

    /** Adds a histogram sample of the series that will be added next: the histogram, or why it is refused. */
    void addHistogram(long timestamp, @Nullable NativeHistogram histogram, @Nullable Reason reason) {
        histograms.add(new HistogramRow(seriesCount, timestamp, histogram, reason));
    }

    /** Adds an exemplar of the series that will be added next, null when it is refused. */
    void addExemplar(@Nullable Exemplar exemplar) {
        exemplars.add(new ExemplarRow(seriesCount, exemplar));
    }

    void addMetadata(MetricMetadata about) {
        metadata.add(about);
    }

    /** Adds a series that is refused already; its labels are there only to be shown. */
    void addRefused(byte[] bytes, int offset, int length, int labelStart, Reason reason) {
        int series = seriesCount;
        addSeries(bytes, offset, length, labelStart);
        reasons[series] = reason;
    }

    /** Notes when the series that was added last began to count. */
    void created(long timestamp) {
        int series = seriesCount - 1;
        if (created.length <= series) {
            created = Arrays.copyOf(created, Math.max(seriesCount, created.length * 2));
        }
        created[series] = timestamp;
        anyCreated = true;
    }

    /** Says that the series that was added last has differences to the sample before, not running totals. */
    void delta() {
        deltas.set(seriesCount - 1);
    }

    /** Notes from which part of the request, counted from 1, the series that follow come: a line, a data point. */
    void atItem(int number) {
        item = number;
        hasItems = true;
    }

    /** Looks all series up and judges those that are new. */
    void resolve(byte[] bytes, IngestLimits limits, SeriesResolver resolver, LabelReader reader) {
        labelBytes = bytes;
        rewrites = resolver.rewrites();
        if (rewrites != null) {
            rewrite(rewrites, limits, reader);
        }
        resolver.resolve(highs, lows, 0, seriesCount, refs);
        for (int i = 0; i < seriesCount; i++) {
            if (reasons[i] != null) {
                refs[i] = NEW;
            } else if (refs[i] < 0) {
                judge(i, limits, resolver, reader);
            }
        }
    }

    /** Gives each series the identity under which it is stored; what is dropped or not readable is refused. */
    private void rewrite(SeriesRewrites by, IngestLimits limits, LabelReader reader) {
        byte[] states = new byte[seriesCount];
        by.find(highs, lows, seriesCount, states);
        for (int i = 0; i < seriesCount; i++) {
            if (reasons[i] == null && states[i] == SeriesRewrites.DROPPED) {
                reasons[i] = Reason.DROPPED;
            } else if (reasons[i] == null && states[i] == SeriesRewrites.UNKNOWN) {
                long high = highs[i];
                long low = lows[i];
                Labels labels = stored(i, by, limits, reader);
                if (labels != null) {
                    newLabels[i] = labels;
                    SeriesIdentity identity = SeriesIdentity.of(labels);
                    highs[i] = identity.high();
                    lows[i] = identity.low();
                    by.learn(high, low, Optional.of(identity));
                } else if (reasons[i] == Reason.DROPPED) {
                    by.learn(high, low, Optional.empty());
                }
            }
        }
    }

    /** The labels as they were sent, for a series that no rule changes; null when it is refused. */
    private @Nullable Labels sent(int series, IngestLimits limits, LabelReader reader) {
        Labels labels = reader.read(labelBytes, labelStarts[series], labelLengths[series], limits);
        if (labels == null) {
            reasons[series] = reader.reason();
        }
        return labels;
    }

    /** The labels under which a series is stored; null when it is refused. */
    private @Nullable Labels stored(int series, SeriesRewrites by, IngestLimits limits, LabelReader reader) {
        Labels sent = reader.readUnnamed(labelBytes, labelStarts[series], labelLengths[series], limits);
        if (sent == null) {
            reasons[series] = reader.reason();
            return null;
        }
        Optional<Labels> kept = by.apply(sent);
        reasons[series] = kept.isEmpty() ? Reason.DROPPED : LabelReader.judge(kept.get(), limits);
        return reasons[series] == null ? kept.get() : null;
    }

    private void judge(int series, IngestLimits limits, SeriesResolver resolver, LabelReader reader) {
        if (newLabels[series] != null) {
            return; // made just now, by rules
        }
        Labels labels = rewrites == null ? sent(series, limits, reader) : stored(series, rewrites, limits, reader);
        if (labels == null) {
            return;
        }
        newLabels[series] = labels;
        SeriesIdentity identity = SeriesIdentity.of(labels);
        if (identity.high() != highs[series] || identity.low() != lows[series]) {
            // Not in canonical form, so it was looked up by a name that nobody has.
            highs[series] = identity.high();
            lows[series] = identity.low();
            resolver.resolve(highs, lows, series, series + 1, refs);
        }
    }

    public int seriesCount() {
        return seriesCount;
    }

    /** The ref of a series, -1 while there is none. */
    public int ref(int series) {
        return refs[series];
    }

    /** Tells the ref of a series that was new. */
    public void ref(int series, int ref) {
        refs[series] = ref;
    }

    /** First half of the 128-bit identity of a series that is not refused. */
    public long high(int series) {
        return highs[series];
    }

    /** Second half of the 128-bit identity. */
    public long low(int series) {
        return lows[series];
    }

    /** Why the series is refused, or null. */
    public @Nullable Reason reason(int series) {
        return reasons[series];
    }

    /** Refuses a series, for a reason that the caller found. */
    public void reject(int series, Reason reason) {
        reasons[series] = reason;
        refs[series] = NEW;
    }

    /** The label set of a series that is not refused; built on each call for known ones. */
    public Labels labels(int series) {
        Labels labels = newLabels[series];
        if (labels == null) {
            // Known series were within the limits when they were registered; limits may have shrunk since.
            labels = new LabelReader()
                    .readUnnamed(labelBytes, labelStarts[series], labelLengths[series], IngestLimits.UNLIMITED);
            if (labels != null && rewrites != null) {
                labels = rewrites.apply(labels).orElse(null);
            }
            if (labels == null) {
                throw new IllegalStateException("series " + series + " of the request is refused");
            }
        }
        return labels;
    }

    /** The label set of a series as text, as far as it can be read and at most a few hundred characters. */
    public String describe(int series) {
        return LabelReader.describe(labelBytes, labelStarts[series], labelLengths[series], DESCRIPTION);
    }

    /** When the series began to count, in Unix milliseconds; 0 when the sender did not say. */
    public long createdTimestamp(int series) {
        return series < created.length ? created[series] : 0;
    }

    /** Whether any series says when it began to count. */
    public boolean hasCreatedTimestamps() {
        return anyCreated;
    }

    /** Whether the samples of a series are differences, which are added up before they are stored. */
    public boolean isDelta(int series) {
        return deltas.get(series);
    }

    /** Whether any series has differences. */
    public boolean hasDeltas() {
        return !deltas.isEmpty();
    }

    /** The line or data point from which a series comes, counted from 1; 0 when it comes from none. */
    public int item(int series) {
        return hasItems ? items[series] : 0;
    }

    /** The first new series at or after a position, -1 when there is none. */
    public int nextNew(int from) {
        for (int i = from; i < seriesCount; i++) {
            if (refs[i] < 0 && reasons[i] == null) {
                return i;
            }
        }
        return -1;
    }

    /** Float samples in the request, those of refused series included. */
    public int sampleCount() {
        return sampleCount;
    }

    /** The series of each float sample, in place. */
    public int[] sampleSeries() {
        return sampleSeries;
    }

    /** Unix milliseconds of each float sample, in place. */
    public long[] timestamps() {
        return timestamps;
    }

    public double[] values() {
        return values;
    }

    /** Replaces the value of a float sample, for one that was a difference. */
    public void value(int sample, double value) {
        values[sample] = value;
    }

    /** Replaces a native histogram sample that was a difference. */
    public void histogram(int index, NativeHistogram total) {
        HistogramRow row = histograms.get(index);
        histograms.set(index, new HistogramRow(row.series(), row.timestamp(), total, null));
    }

    /** Native histogram samples in the request, those of refused series included. */
    public int histogramCount() {
        return histograms.size();
    }

    public int histogramSeries(int index) {
        return histograms.get(index).series();
    }

    public long histogramTimestamp(int index) {
        return histograms.get(index).timestamp();
    }

    /** The histogram, or null when it is refused. */
    public @Nullable NativeHistogram histogram(int index) {
        return histograms.get(index).histogram();
    }

    /** Why a histogram sample is refused by itself, or null. */
    public @Nullable Reason histogramReason(int index) {
        return histograms.get(index).reason();
    }

    public int exemplarCount() {
        return exemplars.size();
    }

    public int exemplarSeries(int index) {
        return exemplars.get(index).series();
    }

    /** The exemplar, or null when it is refused ({@link Reason#EXEMPLAR_INVALID}). */
    public @Nullable Exemplar exemplar(int index) {
        return exemplars.get(index).exemplar();
    }

    public List<MetricMetadata> metadata() {
        return metadata;
    }
}
