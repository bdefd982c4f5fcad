package io.auspex.promql;

import io.auspex.series.ReadCost;

/**
 * What a query cost.
 *
 * @param totalSamples samples that selectors and windows touched, summed over steps; the reference's {@code
 *     totalQueryableSamples}
 * @param peakSamples most samples held at a time
 * @param peakBytes most bytes estimated at a time
 * @param series series read from storage
 * @param samplesPerStep the touched samples of each step of the query; empty unless {@link
 *     QueryOptions#samplesPerStep} asked for them. What a subquery touches at times of its own is in the total alone
 * @param read what came from storage, and from which tier
 */
public record QueryStatistics(
        long totalSamples, long peakSamples, long peakBytes, int series, long[] samplesPerStep, ReadCost read) {
    /** The cost of a query that has touched nothing. */
    public static final QueryStatistics NONE = new QueryStatistics(0, 0, 0, 0, new long[0], ReadCost.NONE);
}
