package io.auspex.forecast.boundary;

import io.auspex.forecast.ForecastPool;
import io.auspex.forecast.IssuedForecast;
import io.auspex.forecast.SeriesForecast;
import io.auspex.forecast.TimeGrid;
import io.auspex.forecast.control.ForecastStore;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.promql.FloatSeries;
import io.auspex.promql.boundary.Queries;
import io.auspex.promql.boundary.QueryRequest;
import io.auspex.series.Labels;
import io.auspex.series.SampleColumn;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Forecasts of any expression or posted series of the caller's tenant; every issued one is kept. */
@Stateless
@RolesAllowed({Role.ANALYST_NAME, Scope.QUERY_NAME})
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Forecasts {
    public static final int MAX_SERIES = 20;
    public static final long MIN_HORIZON_MILLIS = 5 * 60_000L;
    public static final long MAX_HORIZON_MILLIS = 365 * 86_400_000L;
    private static final long HOUR = 3_600_000L;
    private static final long DAY = 24 * HOUR;
    private static final long[] STEPS = {
        15_000, 60_000, 300_000, 900_000, 1_800_000, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY
    };

    @Inject
    Queries queries;

    @Inject
    ForecastStore store;

    @Inject
    CurrentTenant current;

    @Inject
    Clock clock;

    /** Forecasts an expression from the given time on. */
    public List<IssuedForecast> forecast(String query, long fromMillis, long horizonMillis) {
        long step = step(horizonMillis);
        long history = SeriesForecast.HISTORY_CELLS * step;
        QueryRequest request = new QueryRequest(
                query,
                Math.floorDiv(fromMillis - history, step) * step,
                Math.floorDiv(fromMillis, step) * step,
                step,
                OptionalLong.empty(),
                OptionalLong.empty());
        List<FloatSeries> found = FloatSeries.of(queries.run(request));
        requireFew(found.size());
        List<IssuedForecast> issued = new ArrayList<>();
        for (FloatSeries series : found) {
            issued.add(issue(query, series.labels(), series.samples(), step, horizonMillis));
        }
        return store.add(current.id(), issued);
    }

    /** Forecasts posted series after their ends. */
    public List<IssuedForecast> forecast(List<FloatSeries> posted, long horizonMillis) {
        requireFew(posted.size());
        List<IssuedForecast> issued = new ArrayList<>();
        for (FloatSeries series : posted) {
            long step = SeriesForecast.step(series.samples(), horizonMillis);
            issued.add(issue("", series.labels(), series.samples(), step, horizonMillis));
        }
        return store.add(current.id(), issued);
    }

    private IssuedForecast issue(
            String query, Labels labels, SampleColumn samples, long stepMillis, long horizonMillis) {
        TimeGrid grid = SeriesForecast.grid(samples, stepMillis);
        SeriesForecast made = SeriesForecast.of(grid, horizonMillis)
                .orElseThrow(() -> new AuspexException(
                        Code.UNPROCESSABLE,
                        "a forecast over this horizon needs " + ForecastPool.LEAST_HISTORY + " values "
                                + stepMillis / 1000 + " s apart, got " + grid.values().length + " of " + labels
                                + "; a shorter horizon needs less"));
        Instant start = Instant.ofEpochMilli(grid.endMillis());
        return new IssuedForecast(0, query, labels, clock.instant(), start, grid.stepMillis(), made.forecast());
    }

    private static long step(long horizonMillis) {
        if (horizonMillis < MIN_HORIZON_MILLIS || horizonMillis > MAX_HORIZON_MILLIS) {
            throw new AuspexException(Code.BAD_REQUEST, "horizon must be between 5m and 365d");
        }
        for (long step : STEPS) {
            if (horizonMillis / step <= SeriesForecast.MAX_STEPS) {
                return step;
            }
        }
        return STEPS[STEPS.length - 1];
    }

    private static void requireFew(int series) {
        if (series > MAX_SERIES) {
            throw new AuspexException(
                    Code.UNPROCESSABLE, "at most " + MAX_SERIES + " series are forecast at once, got " + series);
        }
    }

    /** Issued forecasts, the latest first, without their points. */
    @RolesAllowed({Role.VIEWER_NAME, Scope.QUERY_NAME})
    public Page<IssuedForecast> list(PageRequest page) {
        return Page.of(store.list(current.id(), page), page.limit(), forecast -> Long.toString(forecast.id()));
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such forecast */
    @RolesAllowed({Role.VIEWER_NAME, Scope.QUERY_NAME})
    public IssuedForecast get(long id) {
        return store.find(current.id(), id)
                .orElseThrow(() -> new AuspexException(Code.NOT_FOUND, "there is nothing here for you"));
    }
}
