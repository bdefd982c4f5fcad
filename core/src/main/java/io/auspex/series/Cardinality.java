package io.auspex.series;

import java.util.List;

/**
 * The cardinality of a tenant's series, as Prometheus shows it; the largest first.
 *
 * @param activeSeries series with samples in memory
 * @param chunks of those, in memory
 * @param minMillis the first time of a sample in memory, {@link Long#MAX_VALUE} when there is none
 * @param maxMillis the last such time, {@link Long#MIN_VALUE} when there is none
 * @param bytesByLabel bytes of all values of a label
 */
public record Cardinality(
        int series,
        int activeSeries,
        int activeLimit,
        long labelPairs,
        long chunks,
        long minMillis,
        long maxMillis,
        List<NamedCount> seriesByMetric,
        List<NamedCount> valuesByLabel,
        List<NamedCount> bytesByLabel,
        List<NamedCount> seriesByPair) {}
