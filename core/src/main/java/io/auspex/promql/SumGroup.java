package io.auspex.promql;

import io.auspex.histogram.HistogramSum;
import io.auspex.histogram.Mismatch;
import io.auspex.series.NativeHistogram;

/** The compensated sum of a group; series are added in their order, so results do not depend on the step. */
final class SumGroup extends AdditiveGroup {
    private final double[] errors;

    SumGroup(Evaluator evaluator, Expr.Aggregation node) {
        super(evaluator, node);
        this.errors = new double[evaluator.steps().count()];
    }

    @Override
    void addFloats(SeriesColumn column, SeriesColumn result) {
        double[] values = column.values();
        if (!column.isFull() || !result.isFull()) {
            for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
                addFloat(values[step], step, result);
            }
            return;
        }
        double[] sums = result.values();
        for (int step = 0; step < values.length; step++) {
            double next = sums[step] + values[step];
            errors[step] = Kahan.error(sums[step], errors[step], values[step], next);
            sums[step] = next;
        }
    }

    @Override
    void addFloat(double value, int step, SeriesColumn result) {
        if (!result.isPresent(step)) {
            result.set(step, value);
            return;
        }
        double sum = result.value(step);
        double next = sum + value;
        errors[step] = Kahan.error(sum, errors[step], value, next);
        result.values()[step] = next;
    }

    @Override
    void finishFloats(SeriesColumn result) {
        double[] values = result.values();
        for (int step = 0; step < values.length; step++) {
            values[step] += errors[step];
        }
    }

    @Override
    Mismatch join(HistogramSum total, NativeHistogram histogram, int step) {
        return total.add(histogram);
    }
}
