package io.auspex.ingest;

import org.jspecify.annotations.Nullable;

/** Knows one tenant's series by the 128-bit identity of their labels ({@link io.auspex.series.SeriesIdentity}). */
@FunctionalInterface
public interface SeriesResolver {
    /** Writes the ref of each identity in {@code [from, to)} into {@code refs}, -1 where the series is new. */
    void resolve(long[] high, long[] low, int from, int to, int[] refs);

    /** What the tenant changes in labels before series are looked up; null when it changes nothing. */
    default @Nullable SeriesRewrites rewrites() {
        return null;
    }
}
