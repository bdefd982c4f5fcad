package io.auspex.series.control;

import java.time.Duration;

/**
 * How the store works (docs/operations/limits.md).
 *
 * @param activeSeries series with recent samples that one tenant may have
 * @param flushInterval how often the head is written to packs at the latest
 * @param flushLogBytes log bytes at which it is written earlier; bounds the replay after a crash
 * @param keepInHead how much of the written past stays in memory for fast queries
 * @param headBytes heap that the head should not exceed; beyond it, nothing that is written stays
 * @param seriesBytes heap that series may take, head and labels; beyond it, no further ones are taken in
 * @param packCacheBytes heap for packs that queries have read of late
 * @param log what may wait for the durable log
 */
record StorageSettings(
        int activeSeries,
        Duration flushInterval,
        long flushLogBytes,
        Duration keepInHead,
        long headBytes,
        long seriesBytes,
        long packCacheBytes,
        LogLimits log) {
    static final StorageSettings DEFAULT = new StorageSettings(
            500_000,
            Duration.ofHours(2),
            128 << 20,
            Duration.ofMinutes(30),
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            32 << 20,
            LogLimits.DEFAULT);

    StorageSettings {
        positive("activeSeries", activeSeries);
        positive("flushInterval", flushInterval.toMillis());
        positive("flushLogBytes", flushLogBytes);
        positive("headBytes", headBytes);
        positive("seriesBytes", seriesBytes);
        if (packCacheBytes < 0) {
            throw new IllegalArgumentException("packCacheBytes must not be negative, got " + packCacheBytes);
        }
        if (keepInHead.isNegative()) {
            throw new IllegalArgumentException("keepInHead must not be negative, got " + keepInHead);
        }
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, got " + value);
        }
    }
}
