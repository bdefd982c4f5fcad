package io.auspex.series;

/** How much of some series is in memory: from when to when, in how many chunks. Grows by {@link Head#extent}. */
public final class HeadExtent {
    private long minMillis = Long.MAX_VALUE;
    private long maxMillis = Long.MIN_VALUE;
    private long chunks;

    void add(long firstMillis, long lastMillis, int moreChunks) {
        minMillis = Math.min(minMillis, firstMillis);
        maxMillis = Math.max(maxMillis, lastMillis);
        chunks += moreChunks;
    }

    /** The first time in Unix milliseconds; {@link Long#MAX_VALUE} when there is nothing. */
    public long minMillis() {
        return minMillis;
    }

    /** The last time; {@link Long#MIN_VALUE} when there is nothing. */
    public long maxMillis() {
        return maxMillis;
    }

    public long chunks() {
        return chunks;
    }
}
