package io.auspex.forecast;

import io.auspex.series.SampleColumn;
import java.util.Optional;

/**
 * The forecast of one series after its end, with the grid on which it was made.
 *
 * @param grid the history; the first step that is forecast begins at its end
 */
public record SeriesForecast(TimeGrid grid, Forecast forecast) {
    /** Steps that are forecast at most: what a chart shows, and what keeps one series under 200 ms. */
    public static final int MAX_STEPS = 240;

    /** Cells of history at most. */
    public static final int HISTORY_CELLS = 1_500;

    private static final long HOUR = 3_600_000L;
    private static final long DAY = 24 * HOUR;
    private static final long WEEK = 7 * DAY;

    /** The finest step at which a series whose samples are that far apart is forecast over a horizon. */
    public static long step(SampleColumn samples, long horizonMillis) {
        return Math.max(TimeGrid.interval(samples), horizonMillis / MAX_STEPS);
    }

    /** The grid of a history, on which it can be seen whether it is long enough. */
    public static TimeGrid grid(SampleColumn samples, long stepMillis) {
        return TimeGrid.of(samples, stepMillis, HISTORY_CELLS + 2);
    }

    /**
     * The forecast of the horizon after a history, with the seasons of the calendar that its grid can show.
     *
     * @return nothing for a history of fewer than {@link ForecastPool#LEAST_HISTORY} cells
     */
    public static Optional<SeriesForecast> of(TimeGrid grid, long horizonMillis) {
        if (grid.values().length < ForecastPool.LEAST_HISTORY) {
            return Optional.empty();
        }
        int steps = (int) Math.max(1, Math.min(MAX_STEPS, horizonMillis / grid.stepMillis()));
        int day = grid.steps(DAY);
        int week = grid.steps(WEEK);
        ForecastPool pool = day > 1 ? ForecastPool.of(day, week) : ForecastPool.of(Math.max(1, week), 1);
        return Optional.of(new SeriesForecast(grid, pool.forecast(grid.values(), steps)));
    }
}
