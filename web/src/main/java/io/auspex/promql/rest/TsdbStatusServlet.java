package io.auspex.promql.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Cardinality;
import io.auspex.series.NamedCount;
import io.auspex.series.boundary.StorageStatus;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;

/** {@code /api/v1/status/tsdb}: the cardinality of the tenant's series. */
@WebServlet(name = "promqlTsdbStatus", urlPatterns = "/api/v1/status/tsdb")
public class TsdbStatusServlet extends PrometheusServlet {
    private static final long serialVersionUID = 1L;
    private static final int DEFAULT = 10;
    private static final int MOST = 10_000;

    @Inject
    transient StorageStatus status;

    @Override
    boolean acceptsPost() {
        return false;
    }

    @Override
    Answer answer(HttpServletRequest request, Parameters parameters) {
        int limit = parameters.number("limit", "limit must be a positive number", DEFAULT);
        if (limit < 1) {
            throw new AuspexException(Code.BAD_DATA, "limit must be a positive number");
        }
        Cardinality figures = status.cardinality(Math.min(limit, MOST));
        return Answer.of(json -> write(figures, json));
    }

    static void write(Cardinality figures, JsonWriter json) throws IOException {
        json.beginObject()
                .name("headStats")
                .beginObject()
                .name("numSeries")
                .number(figures.activeSeries())
                .name("numLabelPairs")
                .number(figures.labelPairs())
                .name("chunkCount")
                .number(figures.chunks())
                .name("minTime")
                .number(figures.minMillis())
                .name("maxTime")
                .number(figures.maxMillis())
                .endObject();
        list("seriesCountByMetricName", figures.seriesByMetric(), json);
        list("labelValueCountByLabelName", figures.valuesByLabel(), json);
        list("memoryInBytesByLabelName", figures.bytesByLabel(), json);
        list("seriesCountByLabelValuePair", figures.seriesByPair(), json);
        json.endObject();
    }

    private static void list(String name, List<NamedCount> counts, JsonWriter json) throws IOException {
        json.name(name).beginArray();
        for (NamedCount count : counts) {
            json.beginObject()
                    .name("name")
                    .string(count.name())
                    .name("value")
                    .number(count.value())
                    .endObject();
        }
        json.endArray();
    }
}
