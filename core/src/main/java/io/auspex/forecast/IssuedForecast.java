package io.auspex.forecast;

import io.auspex.series.Labels;
import java.time.Instant;

/**
 * A forecast as it was given out.
 *
 * @param id 0 while it is not stored
 * @param startAt the time of the first step
 */
public record IssuedForecast(
        long id,
        String expression,
        Labels labels,
        Instant issuedAt,
        Instant startAt,
        long stepMillis,
        Forecast forecast) {
    public IssuedForecast withId(long stored) {
        return new IssuedForecast(stored, expression, labels, issuedAt, startAt, stepMillis, forecast);
    }
}
