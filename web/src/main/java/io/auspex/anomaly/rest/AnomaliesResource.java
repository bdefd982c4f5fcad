package io.auspex.anomaly.rest;

import io.auspex.anomaly.Anomaly;
import io.auspex.anomaly.boundary.Anomalies;
import io.auspex.forecast.rest.TimeValues;
import io.auspex.platform.rest.Bodies;
import io.auspex.platform.rest.Paging;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Anomalies that were found as samples arrived. */
@RequestScoped
@Path("v1/performance/anomalies")
@Produces(MediaType.APPLICATION_JSON)
public class AnomaliesResource {
    private static final long LAST_MILLIS = 253_402_300_799_000L;

    @Inject
    Anomalies anomalies;

    /**
     * @param detectorId absent for the default rules
     * @param expression what was judged, in PromQL: the series, or its rate when it is a counter
     */
    public record AnomalyView(
            long id,
            @Nullable Long detectorId,
            String metric,
            Map<String, String> labels,
            String expression,
            String startedAt,
            String lastAt,
            @Nullable String endedAt,
            int points,
            String explanation,
            ScoreView peak) {
        static AnomalyView of(Anomaly anomaly) {
            return new AnomalyView(
                    anomaly.id(),
                    anomaly.detectorId().orElse(null),
                    anomaly.labels().metric(),
                    anomaly.labels().toMap(),
                    anomaly.expression(),
                    anomaly.startedAt().toString(),
                    anomaly.lastAt().toString(),
                    anomaly.endedAt().map(Instant::toString).orElse(null),
                    anomaly.samples(),
                    anomaly.explanation(),
                    ScoreView.of(anomaly.peak(), true));
        }
    }

    @GET
    public Response list(
            @QueryParam("metric") @Nullable String metric,
            @QueryParam("start") @Nullable String start,
            @QueryParam("end") @Nullable String end,
            @QueryParam("open") boolean open,
            @BeanParam Paging paging) {
        Instant from = Instant.ofEpochMilli(TimeValues.millis(start, "start", 0));
        Instant to = Instant.ofEpochMilli(TimeValues.millis(end, "end", LAST_MILLIS));
        return paging.answer(anomalies
                .list(Bodies.optional(metric), from, to, open, paging.request())
                .map(AnomalyView::of));
    }

    @GET
    @Path("{id}")
    public AnomalyView get(@PathParam("id") long id) {
        return AnomalyView.of(anomalies.get(id));
    }
}
