package io.auspex.ingest.rest;

import io.auspex.ingest.SeriesGrowth;
import io.auspex.ingest.boundary.IngestControl;
import io.auspex.series.boundary.StorageStatus;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Where the tenant's series come from, and which label is to blame when they are too many. */
@RequestScoped
@Path("v1/ingest/cardinality")
@Produces(MediaType.APPLICATION_JSON)
public class CardinalityResource {
    @Inject
    IngestControl control;

    @Inject
    StorageStatus storage;

    /**
     * The tenant's series.
     *
     * @param breaker {@code open} when new series were refused within the last minute, else {@code closed}
     * @param since when {@code created} and {@code refused} begin to count
     */
    public record CardinalityView(
            String breaker,
            long activeSeries,
            long activeSeriesLimit,
            String since,
            long created,
            long refused,
            List<SeriesGrowth.Metric> metrics) {}

    @GET
    public CardinalityView get() {
        SeriesGrowth growth = control.growth();
        StorageStatus.Cardinality series = storage.cardinality(1);
        int own = control.activeSeriesLimit();
        return new CardinalityView(
                growth.open() ? "open" : "closed",
                series.activeSeries(),
                own == 0 ? series.activeLimit() : Math.min(own, series.activeLimit()),
                growth.since().toString(),
                growth.created(),
                growth.refused(),
                growth.metrics());
    }
}
