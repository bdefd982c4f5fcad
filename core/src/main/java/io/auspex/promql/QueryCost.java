package io.auspex.promql;

import io.auspex.series.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a query would cost, told from its tree and from how many series its selectors match, without reading a sample.
 *
 * @param samples samples that selectors and windows would touch, summed over steps, as {@link
 *     QueryStatistics#totalSamples()} counts them
 * @param series series that selectors would read
 * @param resultSeries series of the result at most
 * @param selectors what each selector matches, in the order of the text
 */
public record QueryCost(double samples, long series, long resultSeries, List<Selected> selectors) {
    /** Touched samples that reading one series weighs as much as. */
    private static final double SERIES_WEIGHT = 16;

    public QueryCost {
        selectors = List.copyOf(selectors);
    }

    /**
     * One selector.
     *
     * @param series how many it matches
     * @param rangeMillis of its window, 0 for an instant vector
     */
    public record Selected(Expr.VectorSelector selector, int series, long rangeMillis) {}

    /** One number to compare queries by, in touched samples. */
    public double weight() {
        return samples + SERIES_WEIGHT * series;
    }

    /** The same number of a query that has run. */
    public static double weight(QueryStatistics statistics) {
        return statistics.totalSamples() + SERIES_WEIGHT * statistics.series();
    }

    /**
     * Foretells the cost of a query over some steps.
     *
     * @param matches how many series matchers find
     * @param samplesPerSecond how dense the samples of a series are
     */
    public static QueryCost of(
            Expr expr,
            Steps steps,
            QueryOptions options,
            ToIntFunction<List<Matcher>> matches,
            double samplesPerSecond) {
        Estimator estimator = new Estimator(options, matches, samplesPerSecond);
        long result = estimator.series(expr, steps, 0);
        return new QueryCost(estimator.samples, estimator.series, result, estimator.selectors);
    }

    private static final class Estimator {
        final List<Selected> selectors = new ArrayList<>();
        double samples;
        long series;
        private final QueryOptions options;
        private final ToIntFunction<List<Matcher>> matches;
        private final double samplesPerSecond;

        Estimator(QueryOptions options, ToIntFunction<List<Matcher>> matches, double samplesPerSecond) {
            this.options = options;
            this.matches = matches;
            this.samplesPerSecond = samplesPerSecond;
        }

        /** Adds the cost of an expression; how many series it has at most. */
        long series(Expr expr, Steps steps, long rangeMillis) {
            if (expr instanceof Expr.MatrixSelector matrix) {
                return series(matrix.vector(), steps, matrix.rangeMillis());
            }
            if (expr instanceof Expr.VectorSelector selector) {
                int found = matches.applyAsInt(selector.matchers());
                selectors.add(new Selected(selector, found, rangeMillis));
                double perStep = rangeMillis == 0 ? 1 : Math.max(1, rangeMillis / 1000.0 * samplesPerSecond);
                samples += perStep * found * steps.count();
                series += found;
                return found;
            }
            if (expr instanceof Expr.Subquery subquery) {
                return subquery(subquery, steps);
            }
            if (expr instanceof Expr.StepInvariant invariant) {
                return series(invariant.expr(), steps.first(), 0);
            }
            List<Long> below = new ArrayList<>();
            for (Expr child : expr.children()) {
                below.add(series(child, steps, 0));
            }
            if (expr instanceof Expr.Aggregation aggregation) {
                return aggregated(aggregation, below.get(0));
            }
            long most = 0;
            for (long one : below) {
                most = expr instanceof Expr.Binary binary && binary.op() == BinaryOp.OR
                        ? most + one
                        : Math.max(most, one);
            }
            return most;
        }

        private long subquery(Expr.Subquery node, Steps steps) {
            long interval = Math.max(1, node.stepMillis(options.subqueryStepMillis()));
            long span = steps.end() - steps.start() + node.rangeMillis();
            int inner = (int) Math.min(Steps.MAX_COUNT, span / interval + 1);
            long found = series(node.expr(), new Steps(steps.start() - node.rangeMillis(), interval, inner), 0);
            samples += (double) node.rangeMillis() / interval * found * steps.count();
            return found;
        }

        private static long aggregated(Expr.Aggregation node, long below) {
            boolean keeps = node.op() == AggregateOp.TOPK || node.op() == AggregateOp.BOTTOMK;
            if (keeps || node.without()) {
                return below;
            }
            return node.grouping().isEmpty() ? Math.min(1, below) : Math.max(1, Math.round(Math.sqrt(below)));
        }
    }

    /** The matcher that names the metric, if one does so exactly. */
    static @Nullable Matcher metric(Expr.VectorSelector selector) {
        for (Matcher matcher : selector.matchers()) {
            if (matcher.name().equals("__name__") && matcher.type() == Matcher.Type.EQUAL) {
                return matcher;
            }
        }
        return null;
    }
}
