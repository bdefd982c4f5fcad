package io.auspex.ingest.rest;

import io.auspex.ingest.PastGrowth;
import io.auspex.ingest.SeriesGrowth;
import io.auspex.ingest.boundary.IngestControl;
import io.auspex.series.Cardinality;
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
            List<SeriesGrowth.Metric> metrics,
            List<PastView> history) {}

    /** New series of one metric within some ten minutes of the last day. */
    public record PastView(
            String since, String metric, long created, long refused, String label, long values, String example) {
        static PastView of(PastGrowth past) {
            return new PastView(
                    past.since().toString(),
                    past.metric(),
                    past.created(),
                    past.refused(),
                    past.label(),
                    past.values(),
                    past.example());
        }
    }

    @GET
    public CardinalityView get() {
        SeriesGrowth growth = control.growth();
        Cardinality series = storage.cardinality(1);
        int own = control.activeSeriesLimit();
        return new CardinalityView(
                growth.open() ? "open" : "closed",
                series.activeSeries(),
                own == 0 ? series.activeLimit() : Math.min(own, series.activeLimit()),
                growth.since().toString(),
                growth.created(),
                growth.refused(),
                growth.metrics(),
                control.history().stream().map(PastView::of).toList());
    }
}
