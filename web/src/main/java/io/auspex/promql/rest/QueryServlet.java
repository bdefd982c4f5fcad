package io.auspex.promql.rest;

import io.auspex.promql.QueryStatistics;
import io.auspex.promql.Result;
import io.auspex.promql.ValueType;
import io.auspex.promql.boundary.QueryRequest;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
        long start = System.nanoTime();
        Result result = queries.run(query);
        return answer(result, time, limit, parameters.has("stats"), System.nanoTime() - start);
    }

    /** The answer for a result, cut to a limit, with what it cost when that was asked for. */
    static Answer answer(Result result, long epochMillis, int limit, boolean stats, long nanos) {
        boolean listed = result.type() == ValueType.VECTOR || result.type() == ValueType.MATRIX;
        List<String> warnings = result.warnings();
        if (listed && ResultJson.isTruncated(result.series().size(), limit)) {
            warnings = new ArrayList<>(warnings);
            warnings.add(Answer.TRUNCATED);
        }
        Answer.Data data = json -> {
            json.beginObject();
            ResultJson.write(result, epochMillis, limit, json);
            if (stats) {
                stats(result.statistics(), nanos, json);
            }
            json.endObject();
        };
        return new Answer(data, warnings, result.infos());
    }

    private static void stats(QueryStatistics statistics, long nanos, JsonWriter json) throws IOException {
        json.name("stats")
                .beginObject()
                .name("timings")
                .beginObject()
                .name("execTotalTime")
                .decimal(nanos / 1e9)
                .endObject()
                .name("samples")
                .beginObject()
                .name("totalQueryableSamples")
                .number(statistics.totalSamples())
                .name("peakSamples")
                .number(statistics.peakSamples())
                .endObject()
                .endObject();
    }
}
