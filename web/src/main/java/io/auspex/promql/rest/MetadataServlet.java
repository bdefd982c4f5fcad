package io.auspex.promql.rest;

import io.auspex.series.MetricMetadata;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/** {@code /api/v1/metadata}: type, help and unit of metrics, as their senders describe them. */
@WebServlet(name = "promqlMetadata", urlPatterns = "/api/v1/metadata")
public class MetadataServlet extends PrometheusServlet {
    private static final long serialVersionUID = 1L;

    @Override
    boolean acceptsPost() {
        return false;
    }

    @Override
    Answer answer(HttpServletRequest request, Parameters parameters) {
        int limit = parameters.number("limit", "limit must be a number", -1);
        parameters.number("limit_per_metric", "limit_per_metric must be a number", -1);
        List<MetricMetadata> found = queries.metadata(parameters.text("metric"), limit);
        return Answer.of(json -> {
            json.beginObject();
            for (MetricMetadata about : found) {
                json.name(about.metric())
                        .beginArray()
                        .beginObject()
                        .name("type")
                        .string(about.type())
                        .name("help")
                        .string(about.help())
                        .name("unit")
                        .string(about.unit())
                        .endObject()
                        .endArray();
            }
            json.endObject();
        });
    }
}
