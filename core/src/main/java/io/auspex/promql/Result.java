package io.auspex.promql;

import java.util.List;
import java.util.Optional;

/**
 * The answer to a query.
 *
 * <p>A scalar is one series without labels, with one point per step. A vector has one point per series. A
 * matrix is sorted by labels; a vector keeps the order that {@code sort} or {@code topk} gave it.
 *
 * @param string the value of a string expression, empty otherwise
 * @param warnings texts with the place in the query, as the HTTP API shows them
 * @param infos as warnings, of lower weight
 * @param plan what each part of the query cost; when {@link QueryOptions#plan} asked for it
 */
public record Result(
        ValueType type,
        List<SeriesColumn> series,
        String string,
        List<String> warnings,
        List<String> infos,
        QueryStatistics statistics,
        Optional<PlanNode> plan) {
    /** Without a plan. */
    public Result(
            ValueType type,
            List<SeriesColumn> series,
            String string,
            List<String> warnings,
            List<String> infos,
            QueryStatistics statistics) {
        this(type, series, string, warnings, infos, statistics, Optional.empty());
    }

    /** The value of a scalar result of an instant query. */
    public double scalar() {
        if (type != ValueType.SCALAR || series.size() != 1) {
            throw new IllegalStateException("not a scalar but " + type);
        }
        return series.get(0).value(0);
    }
}
