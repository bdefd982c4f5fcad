/** The nightly work on stored samples: days made final, and ended. */
@NullMarked
package io.auspex.series.job;

import org.jspecify.annotations.NullMarked;
