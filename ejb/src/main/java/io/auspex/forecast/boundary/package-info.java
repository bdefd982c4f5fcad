/** Forecasts on demand and those that were issued. */
@NullMarked
package io.auspex.forecast.boundary;

import org.jspecify.annotations.NullMarked;
