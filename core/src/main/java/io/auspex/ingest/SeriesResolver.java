package io.auspex.ingest;

/** Knows one tenant's series by the 128-bit identity of their labels ({@link io.auspex.series.SeriesIdentity}). */
@FunctionalInterface
public interface SeriesResolver {
    /** Writes the ref of each identity in {@code [from, to)} into {@code refs}, -1 where the series is new. */
    void resolve(long[] high, long[] low, int from, int to, int[] refs);
}
