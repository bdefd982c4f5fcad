package io.auspex.promql;

import io.auspex.histogram.HistogramText;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** {@code count_values}: how many series of a group have each value, the value becoming a label. */
final class ValueCounts {
    /** Making labels costs far more than looking at a sample. */
    private static final int WORK_PER_VALUE = 100;

    private ValueCounts() {}

    static List<SeriesColumn> evaluate(Evaluator evaluator, Expr.Aggregation node) {
        Expr parameter = Objects.requireNonNull(node.parameter());
        String label = Exprs.string(parameter);
        if (!MetricLabels.isValidName(label)) {
            throw QueryException.execution(
                    "invalid label name " + evaluator.run().text(parameter.position(), label));
        }
        Set<String> names = new HashSet<>(node.grouping());
        names.add(node.without() ? Labels.METRIC_NAME : label);
        Map<Labels, SeriesColumn> counts =
                new TreeMap<>(); // by labels: the order must not depend on the steps there are
        for (SeriesColumn column : evaluator.evaluate(node.expr())) {
            evaluator.run().check();
            for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
                evaluator.run().work(WORK_PER_VALUE);
                Labels valued = column.labels().with(label, text(column, step));
                Labels key = node.without() ? valued.drop(names) : valued.keep(names);
                SeriesColumn count = counts.get(key);
                if (count == null) {
                    count = evaluator.run().column(key, evaluator.steps());
                    counts.put(key, count);
                }
                count.set(step, count.isPresent(step) ? count.value(step) + 1 : 1);
            }
        }
        return new ArrayList<>(counts.values());
    }

    private static String text(SeriesColumn column, int step) {
        NativeHistogram histogram = column.histogram(step);
        return histogram == null
                ? GoNumbers.fixed(column.value(step))
                : HistogramText.of(histogram, GoNumbers::general);
    }
}
