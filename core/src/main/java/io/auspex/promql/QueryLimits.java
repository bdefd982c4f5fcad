package io.auspex.promql;

/**
 * What one query may hold in memory at a time.
 *
 * @param maxSamples float samples, counted as the reference counts: a native histogram weighs as many as its
 *     size in 16 byte units
 * @param maxSeries series that all selectors of the query together may find
 * @param maxBytes estimated bytes of all columns
 */
public record QueryLimits(long maxSamples, int maxSeries, long maxBytes) {
    public static final QueryLimits NONE = new QueryLimits(Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);

    /** The reference's default of 50 million samples, and what fits a heap of a few gigabytes. */
    public static final QueryLimits STANDARD = new QueryLimits(50_000_000L, 1_000_000, 1L << 30);

    public QueryLimits {
        if (maxSamples <= 0 || maxSeries <= 0 || maxBytes <= 0) {
            throw new IllegalArgumentException(
                    "limits must be positive, got " + maxSamples + ", " + maxSeries + ", " + maxBytes);
        }
    }
}
