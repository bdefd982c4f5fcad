/** The API of forecasts. */
@NullMarked
package io.auspex.forecast.rest;

import org.jspecify.annotations.NullMarked;
