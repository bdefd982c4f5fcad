package io.auspex.promql;

import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@code absent} and {@code absent_over_time}: one where there is nothing. */
final class AbsentFunctions {
    private AbsentFunctions() {}

    static void register(FunctionRegistry.Builder builder) {
        builder.vector("absent", call -> complement(call, call.vector(0)));
        builder.range("absent_over_time", new OverTime());
    }

    private static final class OverTime implements RangeFunction {
        @Override
        public RangeKernel open(FunctionCall call) {
            return (window, step, result) -> result.set(step, 1);
        }

        @Override
        public boolean needsAllSeries() {
            return true;
        }

        @Override
        public List<SeriesColumn> finish(FunctionCall call, List<SeriesColumn> columns) {
            List<SeriesColumn> result = complement(call, columns);
            result.forEach(call::unnamed);
            return result;
        }
    }

    /** One column that has a point where none of the others has. */
    private static List<SeriesColumn> complement(FunctionCall call, List<SeriesColumn> columns) {
        SeriesColumn result = call.column(labels(call.argument(0)));
        result.fill(1);
        for (SeriesColumn column : columns) {
            for (int word = 0; word < result.present().length; word++) {
                result.present()[word] &= ~column.present()[word];
            }
        }
        result.recount();
        return result.isEmpty() ? new java.util.ArrayList<>() : Evaluator.listOf(result);
    }

    /** The labels that the missing series would surely have. */
    private static Labels labels(Expr argument) {
        List<Matcher> matchers = List.of();
        if (argument instanceof Expr.VectorSelector selector) {
            matchers = selector.matchers();
        } else if (argument instanceof Expr.MatrixSelector selector) {
            matchers = selector.vector().matchers();
        }
        Map<String, String> labels = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        for (Matcher matcher : matchers) {
            if (matcher.name().equals(Labels.METRIC_NAME)) {
                continue;
            }
            if (matcher.type() == Matcher.Type.EQUAL && seen.add(matcher.name())) {
                labels.put(matcher.name(), matcher.value());
            } else {
                labels.remove(matcher.name());
            }
        }
        return Labels.of(labels);
    }
}
