/**
 * Where a series is going, with honest uncertainty.
 *
 * <p>A {@link io.auspex.forecast.ForecastPool} lets several {@link io.auspex.forecast.Forecaster}s forecast the end of the
 * history from earlier origins, weighs them by how well they did, and takes the band from their errors there.
 */
@NullMarked
package io.auspex.forecast;

import org.jspecify.annotations.NullMarked;
