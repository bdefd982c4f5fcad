package io.auspex.promql;

import io.auspex.histogram.HistogramSum;
import io.auspex.histogram.Mismatch;
import io.auspex.series.NativeHistogram;

/**
 * The mean of a group: the compensated sum over the count, or, from where the sum would overflow, the mean
 * adjusted series by series.
 */
final class AverageGroup extends AdditiveGroup {
    private final double[] errors;
    private final double[] counts;
    private final double[] histogramCounts;
    private final boolean[] incremental;

    AverageGroup(Evaluator evaluator, Expr.Aggregation node) {
        super(evaluator, node);
        int steps = evaluator.steps().count();
        this.errors = new double[steps];
        this.counts = new double[steps];
        this.histogramCounts = new double[steps];
        this.incremental = new boolean[steps];
    }

    @Override
    void addFloats(SeriesColumn column, SeriesColumn result) {
        for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
            addFloat(column.value(step), step, result);
        }
    }

    @Override
    void addFloat(double value, int step, SeriesColumn result) {
        double count = ++counts[step];
        if (!result.isPresent(step)) {
            result.set(step, value);
            return;
        }
        double[] values = result.values();
        if (!incremental[step]) {
            double sum = values[step];
            double next = sum + value;
            if (!Double.isInfinite(next)) {
                errors[step] = Kahan.error(sum, errors[step], value, next);
                values[step] = next;
                return;
            }
            incremental[step] = true;
            values[step] = sum / (count - 1);
            errors[step] /= count - 1;
        }
        double keep = (count - 1) / count;
        double mean = keep * values[step];
        double change = value / count;
        double next = mean + change;
        errors[step] = Kahan.error(mean, keep * errors[step], change, next);
        values[step] = next;
    }

    @Override
    void finishFloats(SeriesColumn result) {
        double[] values = result.values();
        for (int step = result.next(0); step >= 0; step = result.next(step + 1)) {
            values[step] = incremental[step]
                    ? values[step] + errors[step]
                    : values[step] / counts[step] + errors[step] / counts[step];
        }
    }

    @Override
    void countHistogram(int step) {
        histogramCounts[step]++;
    }

    @Override
    Mismatch join(HistogramSum total, NativeHistogram histogram, int step) {
        return OverTimeFunctions.average(total, histogram, histogramCounts[step]);
    }
}
