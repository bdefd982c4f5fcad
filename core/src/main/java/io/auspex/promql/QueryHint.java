package io.auspex.promql;

import java.util.ArrayList;
import java.util.List;

/**
 * A way to make a query cheaper.
 *
 * @param kind {@code unbounded-matcher}, {@code label-explosion} or {@code record-expression}
 * @param text what is dear and what to do about it
 * @param gain the share of the cost that is expected to go, 0 to 1
 * @param check a query whose dry run shows what remains; empty when there is none
 */
public record QueryHint(String kind, String text, double gain, String check) {
    /** A selector that names no metric and matches more than this reads what nobody asked for. */
    private static final int MANY_UNNAMED = 100;

    /** More series than a person can look at. */
    private static final long MANY_RESULTS = 1_000;

    /** Executions in a day from which a rule that records an expression pays. */
    private static final long OFTEN = 24;

    private static final double DEAR = 100_000;

    /**
     * What can be said about a query.
     *
     * @param executions how often it ran during the last day
     */
    public static List<QueryHint> of(Expr expr, QueryCost cost, Steps steps, long executions) {
        List<QueryHint> hints = new ArrayList<>();
        for (QueryCost.Selected selected : cost.selectors()) {
            if (QueryCost.metric(selected.selector()) == null && selected.series() > MANY_UNNAMED) {
                double gain = 1 - 1.0 / Math.max(1, cost.selectors().size());
                hints.add(new QueryHint(
                        "unbounded-matcher",
                        Printer.line(selected.selector()) + " names no metric and matches " + selected.series()
                                + " series; name the metric",
                        Math.max(gain, 0.5),
                        "count by (__name__) (" + Printer.line(selected.selector()) + ")"));
            }
        }
        if (cost.resultSeries() > MANY_RESULTS) {
            hints.add(new QueryHint(
                    "label-explosion",
                    "the result has up to " + cost.resultSeries()
                            + " series, more than anybody can look at; aggregate by the labels that matter or take the top",
                    1 - (double) MANY_RESULTS / cost.resultSeries(),
                    expr.type() == ValueType.VECTOR ? "topk(20, " + Printer.line(expr) + ")" : ""));
        }
        double read = (double) cost.resultSeries() * steps.count();
        if (executions >= OFTEN && cost.weight() > DEAR && read < cost.weight() / 2) {
            hints.add(new QueryHint(
                    "record-expression",
                    "this ran " + executions + " times during the last day and touches about "
                            + Math.round(cost.samples()) + " samples each time; record it by a rule and read "
                            + cost.resultSeries() + " series instead",
                    1 - read / cost.weight(),
                    ""));
        }
        return List.copyOf(hints);
    }
}
