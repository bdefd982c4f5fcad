/** Arithmetic over native histograms: sums, resets, quantiles and fractions. */
@NullMarked
package io.auspex.histogram;

import org.jspecify.annotations.NullMarked;
