package io.auspex.series;

/**
 * What one tier of a tenant takes.
 *
 * @param rows packs, or roll-ups of a segment and day
 * @param bytes of them, compressed
 * @param firstMillis from when on it has something, 0 when it has nothing
 */
public record TierTotals(Tier tier, long rows, long bytes, long firstMillis) {}
