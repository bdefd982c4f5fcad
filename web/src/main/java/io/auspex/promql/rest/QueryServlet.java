package io.auspex.promql.rest;

import io.auspex.promql.Result;
import io.auspex.promql.ValueType;
import io.auspex.promql.boundary.QueryOutcome;
import io.auspex.promql.boundary.QueryRequest;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code /api/v1/query}: the value of a query at one time. */
@WebServlet(name = "promqlQuery", urlPatterns = "/api/v1/query")
public class QueryServlet extends PrometheusServlet {
    private static final long serialVersionUID = 1L;

    @Override
    boolean acceptsPost() {
        return true;
    }

    @Override
    Answer answer(HttpServletRequest request, Parameters parameters) {
        int limit = parameters.limit();
        long time = parameters.time("time", clock.millis());
        QueryRequest query = QueryRequest.instant(
                parameters.text("query"),
                time,
                parameters.optionalDuration("timeout"),
                parameters.optionalDuration("lookback_delta"));
        return run(query, limit, parameters.text("stats"));
    }

    /** Runs a query, with what it cost when that is asked for: by any text, and for each step by {@code all}. */
    final Answer run(QueryRequest query, int limit, String stats) {
        QueryOutcome outcome = queries.outcome(query.withSamplesPerStep(stats.equals("all")));
        Answer.Data cost = json -> QueryStatsJson.write(query, outcome, json);
        return answer(
                outcome.result(), query.endMillis(), limit, stats.isEmpty() ? Optional.empty() : Optional.of(cost));
    }

    /** The answer for a result, cut to a limit, with what it cost when that was asked for. */
    static Answer answer(Result result, long epochMillis, int limit, Optional<Answer.Data> cost) {
        boolean listed = result.type() == ValueType.VECTOR || result.type() == ValueType.MATRIX;
        List<String> warnings = result.warnings();
        if (listed && ResultJson.isTruncated(result.series().size(), limit)) {
            warnings = new ArrayList<>(warnings);
            warnings.add(Answer.TRUNCATED);
        }
        Answer.Data data = json -> {
            json.beginObject();
            ResultJson.write(result, epochMillis, limit, json);
            if (cost.isPresent()) {
                cost.get().write(json.name("stats"));
            }
            json.endObject();
        };
        return new Answer(data, warnings, result.infos());
    }
}
