/**
 * Judging samples by what was expected of them.
 *
 * <p>A {@link io.auspex.anomaly.Detector} gives each sample a score in nines (minus the decadic logarithm of the
 * probability of something as odd), the value it expected and a band. {@link io.auspex.anomaly.SeasonalBaseline}
 * and {@link io.auspex.anomaly.NeighbourDetector} are the members, {@link io.auspex.anomaly.EnsembleDetector} joins
 * them, {@link io.auspex.anomaly.EventTracker} turns scores into events. Everything is strictly causal: a score
 * uses nothing later than its sample.
 */
@NullMarked
package io.auspex.anomaly;

import org.jspecify.annotations.NullMarked;
