package io.auspex.promql;

/**
 * What a query cost.
 *
 * @param totalSamples samples that selectors and windows touched, summed over steps; the reference's {@code
 *     totalQueryableSamples}
 * @param peakSamples most samples held at a time
 * @param peakBytes most bytes estimated at a time
 * @param series series read from storage
 */
public record QueryStatistics(long totalSamples, long peakSamples, long peakBytes, int series) {}
