package io.auspex.promql.rest;

import io.auspex.series.Exemplar;
import io.auspex.series.Labels;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** {@code /api/v1/query_exemplars}: the exemplars of the series that a query reads; without times, of all times. */
@WebServlet(name = "promqlQueryExemplars", urlPatterns = "/api/v1/query_exemplars")
public class QueryExemplarsServlet extends PrometheusServlet {
    private static final long serialVersionUID = 1L;

    @Override
    boolean acceptsPost() {
        return true;
    }

    @Override
    Answer answer(HttpServletRequest request, Parameters parameters) {
        long start = parameters.time("start", Parameters.MIN_MILLIS);
        long end = parameters.time("end", Parameters.MAX_MILLIS);
        if (end < start) {
            throw Parameters.invalid("end", "end timestamp must not be before start timestamp");
        }
        SortedMap<Labels, List<Exemplar>> found = queries.exemplars(parameters.text("query"), start, end);
        return Answer.of(json -> {
            json.beginArray();
            for (Map.Entry<Labels, List<Exemplar>> series : found.entrySet()) {
                json.beginObject().name("seriesLabels");
                ResultJson.labels(series.getKey(), json);
                json.name("exemplars").beginArray();
                for (Exemplar exemplar : series.getValue()) {
                    write(exemplar, json);
                }
                json.endArray().endObject();
            }
            json.endArray();
        });
    }

    private static void write(Exemplar exemplar, JsonWriter json) throws IOException {
        json.beginObject().name("labels");
        ResultJson.labels(exemplar.labels(), json);
        json.name("value").value(exemplar.value()).name("timestamp").timestamp(exemplar.epochMillis());
        json.endObject();
    }
}
