package io.auspex.forecast.rest;

import io.auspex.forecast.IssuedForecast;
import io.auspex.forecast.boundary.Forecasts;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.rest.Bodies;
import io.auspex.platform.rest.Paging;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Forecasts on demand, and those that were issued. */
@RequestScoped
@Path("v1/performance")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ForecastsResource {
    private static final long DEFAULT_HORIZON_MILLIS = 4 * 3_600_000L;

    @Inject
    Forecasts forecasts;

    @Inject
    Clock clock;

    /**
     * What to forecast: either a query, from a time on, or posted series, after their ends.
     *
     * @param horizon 5m to 365d, 4h by default
     */
    public record Request(
            @Nullable String query,
            @Nullable JsonValue time,
            @Nullable JsonValue horizon,
            @Nullable List<PostedSeries> series) {}

    /** The answer: one forecast for each series. */
    public record Answer(List<ForecastView> forecasts) {}

    @POST
    @Path("predict/metrics")
    public Answer predict(@Nullable Request body) {
        Request wanted = Bodies.required(body, "a body");
        long horizon = TimeValues.duration(wanted.horizon(), "horizon", DEFAULT_HORIZON_MILLIS);
        List<IssuedForecast> issued;
        if (wanted.series() != null && wanted.query() == null) {
            issued = forecasts.forecast(PostedSeries.read(wanted.series()), horizon);
        } else if (wanted.query() != null && wanted.series() == null) {
            long from = TimeValues.millis(wanted.time(), "time", clock.millis());
            issued = forecasts.forecast(wanted.query(), from, horizon);
        } else {
            throw new AuspexException(Code.BAD_REQUEST, "either query or series is required");
        }
        return new Answer(issued.stream().map(ForecastView::of).toList());
    }

    @GET
    @Path("forecasts")
    public Response list(@BeanParam Paging paging) {
        return paging.answer(forecasts.list(paging.request()).map(ForecastView::of));
    }

    @GET
    @Path("forecasts/{id}")
    public ForecastView get(@PathParam("id") long id) {
        return ForecastView.of(forecasts.get(id));
    }
}
