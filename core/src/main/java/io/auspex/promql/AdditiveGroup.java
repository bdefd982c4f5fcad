package io.auspex.promql;

import io.auspex.histogram.HistogramSum;
import io.auspex.histogram.Mismatch;
import io.auspex.series.NativeHistogram;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code sum} and {@code avg} share: floats or histograms, never both at a step. */
abstract class AdditiveGroup implements Aggregations.Group {
    private final Annotations annotations;
    private final Position position;
    private @Nullable HistogramSum @Nullable [] histograms;
    /** Steps at which a histogram was seen, and those that have no result. */
    private final boolean[] histogramSeen;

    private final boolean[] spoilt;
    private boolean anyHistogram;

    AdditiveGroup(Evaluator evaluator, Expr.Aggregation node) {
        this.annotations = evaluator.annotations();
        this.position = node.expr().position();
        this.histogramSeen = new boolean[evaluator.steps().count()];
        this.spoilt = new boolean[evaluator.steps().count()];
    }

    @Override
    public final void add(SeriesColumn column, SeriesColumn result) {
        if (!column.hasHistograms()) {
            addFloats(column, result);
            return;
        }
        for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
            NativeHistogram histogram = column.histogram(step);
            if (histogram == null) {
                addFloat(column.value(step), step, result);
            } else {
                addHistogram(histogram, step, column, result);
            }
        }
    }

    /** Adds a column without histograms. */
    abstract void addFloats(SeriesColumn column, SeriesColumn result);

    abstract void addFloat(double value, int step, SeriesColumn result);

    abstract void finishFloats(SeriesColumn result);

    /** Joins a histogram to those of a step before it. */
    abstract Mismatch join(HistogramSum total, NativeHistogram histogram, int step);

    /** Notes that a histogram stands at a step. */
    void countHistogram(int step) {}

    private void addHistogram(NativeHistogram histogram, int step, SeriesColumn column, SeriesColumn result) {
        anyHistogram = true;
        if (spoilt[step]) {
            return;
        }
        countHistogram(step);
        boolean first = !histogramSeen[step];
        histogramSeen[step] = true;
        if (result.isPresent(step)) {
            return;
        }
        @Nullable HistogramSum[] sums = histograms;
        if (sums == null) {
            sums = new HistogramSum[spoilt.length];
            histograms = sums;
        }
        if (first) {
            sums[step] = HistogramSum.of(histogram);
            return;
        }
        HistogramSum total = sums[step];
        if (total == null) {
            return;
        }
        Mismatch mismatch = join(total, histogram, step);
        if (!RateFunctions.noted(annotations, mismatch, column.labels().metric(), position)) {
            spoilt[step] = true;
        }
    }

    @Override
    public final void finish(SeriesColumn result) {
        finishFloats(result);
        if (!anyHistogram) {
            return;
        }
        for (int step = 0; step < spoilt.length; step++) {
            if (!histogramSeen[step]) {
                continue;
            }
            if (result.isPresent(step)) {
                annotations.mixedFloatsAndHistogramsInAggregation(position);
                result.clear(step);
            } else if (!spoilt[step]) {
                HistogramSum total = Objects.requireNonNull(Objects.requireNonNull(histograms)[step]);
                result.set(step, total.compact().toHistogram());
            }
        }
    }
}
