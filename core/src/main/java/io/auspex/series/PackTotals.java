package io.auspex.series;

/**
 * What a tenant's samples take in packs.
 *
 * @param bytes of packs, compressed
 */
public record PackTotals(long packs, long samples, long bytes, long firstMillis, long lastMillis) {}
