package io.auspex.promql;

import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import io.auspex.series.SampleColumn;

/** Series as remote read sends them, as samples or as chunks. Kept and reused. Not thread-safe. */
public final class RemoteReadSeries {
    private static final int XOR = 1;
    private static final int FLOAT_HISTOGRAM = 3;

    private final ProtoBytes series = new ProtoBytes();
    private final ProtoBytes part = new ProtoBytes();
    private final ProtoBytes inner = new ProtoBytes();
    private final XorChunk chunk = new XorChunk();
    private final HistogramChunk histogramChunk = new HistogramChunk();

    /** A {@code TimeSeries} with all samples of a column, stale markers included. */
    public byte[] samples(Labels labels, SampleColumn column) {
        series.clear();
        labels(labels);
        for (int i = 0; i < column.size(); i++) {
            if (column.histogram(i) == null) {
                part.clear();
                part.real(1, column.value(i)).number(2, column.timestamp(i));
                series.message(2, part);
            }
        }
        for (int i = 0; column.hasHistograms() && i < column.size(); i++) {
            NativeHistogram histogram = column.histogram(i);
            if (histogram != null) {
                histogram(histogram, column.timestamp(i));
                series.message(4, part);
            }
        }
        return series.toByteArray();
    }

    /** A {@code ChunkedSeries} with the samples of a column. */
    public byte[] chunks(Labels labels, SampleColumn column) {
        series.clear();
        labels(labels);
        NativeHistogram[] histograms = histograms(column);
        int from = 0;
        while (from < column.size()) {
            boolean floats = column.histogram(from) == null;
            int to = from
                    + (floats ? floats(column, from) : HistogramChunk.fitting(histograms, from, end(column, from)));
            byte[] encoded = floats
                    ? chunk.encode(column.timestamps(), column.values(), from, to)
                    : histogramChunk.encode(column.timestamps(), histograms, from, to);
            part.clear();
            part.number(1, column.timestamp(from))
                    .number(2, column.timestamp(to - 1))
                    .number(3, floats ? XOR : FLOAT_HISTOGRAM)
                    .message(4, encoded);
            series.message(2, part);
            from = to;
        }
        return series.toByteArray();
    }

    /** How many floats follow each other from one on, as far as a chunk takes them. */
    private static int floats(SampleColumn column, int from) {
        int most = Math.min(column.size(), from + XorChunk.MAX_SAMPLES);
        int to = column.hasHistograms() ? from : most;
        while (to < most && column.histogram(to) == null) {
            to++;
        }
        return to - from;
    }

    /** Where the histograms end that follow each other from one on. */
    private static int end(SampleColumn column, int from) {
        int to = from;
        while (to < column.size() && column.histogram(to) != null) {
            to++;
        }
        return to;
    }

    /** The histograms at their places; places of floats are never looked at. */
    private static NativeHistogram[] histograms(SampleColumn column) {
        NativeHistogram[] histograms = new NativeHistogram[column.hasHistograms() ? column.size() : 0];
        for (int i = 0; i < histograms.length; i++) {
            NativeHistogram histogram = column.histogram(i);
            if (histogram != null) {
                histograms[i] = histogram;
            }
        }
        return histograms;
    }

    private void labels(Labels labels) {
        for (int i = 0; i < labels.size(); i++) {
            part.clear();
            part.text(1, labels.name(i)).text(2, labels.value(i));
            series.message(1, part);
        }
    }

    private void histogram(NativeHistogram histogram, long epochMillis) {
        part.clear();
        part.real(2, histogram.count())
                .real(3, histogram.sum())
                .signed(4, histogram.schema())
                .real(5, histogram.zeroThreshold())
                .real(7, histogram.zeroCount());
        span(8, histogram.negativeOffset(), histogram.negative());
        part.reals(10, histogram.negative());
        span(11, histogram.positiveOffset(), histogram.positive());
        part.reals(13, histogram.positive());
        int hint = switch (histogram.resetHint()) {
            case UNKNOWN -> 0;
            case RESET -> 1;
            case NOT_RESET -> 2;
            case GAUGE -> 3;
        };
        part.number(14, hint).number(15, epochMillis).reals(16, histogram.customBounds());
    }

    private void span(int field, int offset, double[] counts) {
        if (counts.length > 0) {
            inner.clear();
            inner.signed(1, offset).number(2, counts.length);
            part.message(field, inner);
        }
    }
}
