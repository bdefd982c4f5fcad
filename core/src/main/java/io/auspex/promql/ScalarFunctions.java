package io.auspex.promql;

import io.auspex.series.Labels;
import java.util.List;

/** Between scalars and vectors: {@code time}, {@code pi}, {@code scalar}, {@code vector}, {@code timestamp}. */
final class ScalarFunctions {
    private ScalarFunctions() {}

    static void register(FunctionRegistry.Builder builder) {
        builder.vector("pi", call -> call.evaluator().constant(Math.PI));
        builder.vector("time", ScalarFunctions::time);
        builder.vector("vector", call -> call.vector(0));
        builder.vector("scalar", ScalarFunctions::scalar);
        builder.vector("timestamp", ScalarFunctions::timestamp);
    }

    private static List<SeriesColumn> time(FunctionCall call) {
        SeriesColumn column = call.column(Labels.EMPTY);
        for (int step = 0; step < call.steps().count(); step++) {
            column.set(step, call.steps().time(step) / 1000.0);
        }
        return Evaluator.listOf(column);
    }

    /** The one float of a step; NaN when there is none or more than one. */
    private static List<SeriesColumn> scalar(FunctionCall call) {
        List<SeriesColumn> columns = call.vector(0);
        SeriesColumn result = call.column(Labels.EMPTY);
        for (int step = 0; step < call.steps().count(); step++) {
            call.evaluator().run().work(columns.size());
            int found = 0;
            double value = Double.NaN;
            for (SeriesColumn column : columns) {
                if (column.isFloat(step)) {
                    found++;
                    value = column.value(step);
                }
            }
            result.set(step, found == 1 ? value : Double.NaN);
        }
        return Evaluator.listOf(result);
    }

    /** The time of each sample where a selector stands, otherwise the evaluation time. */
    private static List<SeriesColumn> timestamp(FunctionCall call) {
        List<SeriesColumn> columns;
        if (call.argument(0) instanceof Expr.VectorSelector selector) {
            columns = new Selector(call.evaluator().run(), call.steps()).timestamps(selector);
        } else {
            columns = call.vector(0);
            for (SeriesColumn column : columns) {
                for (int slot = column.next(0); slot >= 0; slot = column.next(slot + 1)) {
                    column.set(slot, column.time(slot) / 1000.0);
                }
            }
        }
        columns.forEach(call::unnamed);
        return call.delayedNameRemoval() ? columns : MetricLabels.merge(columns);
    }
}
