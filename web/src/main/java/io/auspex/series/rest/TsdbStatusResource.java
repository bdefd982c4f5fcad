package io.auspex.series.rest;

import io.auspex.series.boundary.StorageStatus;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** {@code GET /api/v1/status/tsdb} in Prometheus' envelope: the cardinality of the tenant's series. */
@RequestScoped
@Path("v1/status/tsdb")
@Produces(MediaType.APPLICATION_JSON)
public class TsdbStatusResource {
    private static final int MOST = 10_000;

    @Inject
    StorageStatus status;

    @GET
    public String get(@QueryParam("limit") @DefaultValue("10") int limit) {
        StorageStatus.Cardinality figures = status.cardinality(Math.max(1, Math.min(limit, MOST)));
        return Json.createObjectBuilder()
                .add("status", "success")
                .add(
                        "data",
                        Json.createObjectBuilder()
                                .add(
                                        "headStats",
                                        Json.createObjectBuilder()
                                                .add("numSeries", figures.activeSeries())
                                                .add("numLabelPairs", figures.labelPairs()))
                                .add("seriesCountByMetricName", list(figures.seriesByMetric()))
                                .add("labelValueCountByLabelName", list(figures.valuesByLabel()))
                                .add("seriesCountByLabelValuePair", list(figures.seriesByPair())))
                .build()
                .toString();
    }

    private static JsonArrayBuilder list(List<StorageStatus.NamedCount> counts) {
        JsonArrayBuilder list = Json.createArrayBuilder();
        counts.forEach(count ->
                list.add(Json.createObjectBuilder().add("name", count.name()).add("value", count.value())));
        return list;
    }
}
