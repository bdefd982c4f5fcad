package io.auspex.live.control;

import io.auspex.promql.QueryStatistics;
import io.auspex.promql.Result;
import io.auspex.promql.SeriesColumn;
import io.auspex.promql.ValueType;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.math.BigDecimal;
import java.util.List;

/** The data of a {@code points} event: one time, and for each query its series with their values as text. */
final class PointsJson {
    /** Stands for a query that could not be evaluated. */
    static final Result NOTHING =
            new Result(ValueType.MATRIX, List.of(), "", List.of(), List.of(), QueryStatistics.NONE);

    private PointsJson() {}

    static String write(List<Result> results, int step, long epochMillis) {
        JsonArrayBuilder queries = Json.createArrayBuilder();
        for (int query = 0; query < results.size(); query++) {
            JsonArrayBuilder series = Json.createArrayBuilder();
            for (SeriesColumn column : results.get(query).series()) {
                int slot = slot(column, epochMillis, step);
                if (slot >= 0 && column.histogram(slot) == null) {
                    series.add(one(column, slot));
                }
            }
            queries.add(Json.createObjectBuilder().add("query", query).add("series", series));
        }
        return Json.createObjectBuilder()
                .add("time", BigDecimal.valueOf(epochMillis, 3))
                .add("results", queries)
                .build()
                .toString();
    }

    private static JsonObjectBuilder one(SeriesColumn column, int slot) {
        JsonObjectBuilder metric = Json.createObjectBuilder();
        column.labels().toMap().forEach(metric::add);
        return Json.createObjectBuilder().add("metric", metric).add("value", text(column.value(slot)));
    }

    /** A column of steps has its value at the step; -1 when there is none. */
    private static int slot(SeriesColumn column, long epochMillis, int step) {
        return step < column.slots() && column.isPresent(step) && column.time(step) == epochMillis ? step : -1;
    }

    /** As Prometheus writes values. */
    private static String text(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return Double.toString(value);
    }
}
