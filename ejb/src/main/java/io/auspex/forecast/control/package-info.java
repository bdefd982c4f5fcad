/** How issued forecasts are stored. */
@NullMarked
package io.auspex.forecast.control;

import org.jspecify.annotations.NullMarked;
