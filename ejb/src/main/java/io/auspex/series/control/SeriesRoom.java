package io.auspex.series.control;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether the heap has room for further series. What is there goes on when it has not: new series are shed first, so a
 * node under a flood of them stays up, and one that was killed in it starts again on the same heap.
 *
 * <p>Measuring takes time that grows with the series, so it is done once a second, and estimated in between.
 */
final class SeriesRoom {
    /** What a series takes from its first sample on, in head, index, map and tables, rounded up. */
    private static final long PER_SERIES = 600;

    private static final long MEASURED_FOR = TimeUnit.SECONDS.toNanos(1);

    private final long ceiling;
    private final LongSupplier held;
    private long bytes;
    private long measuredAt;

    /**
     * @param ceiling bytes that all series together may take
     * @param held bytes that they take
     */
    SeriesRoom(long ceiling, LongSupplier held) {
        this.ceiling = ceiling;
        this.held = held;
        this.measuredAt = System.nanoTime() - MEASURED_FOR;
    }

    /** Takes the room of one series, if there is any. */
    synchronized boolean take() {
        long now = System.nanoTime();
        if (now - measuredAt >= MEASURED_FOR) {
            bytes = held.getAsLong();
            measuredAt = now;
        }
        if (bytes > ceiling - PER_SERIES) {
            return false;
        }
        bytes += PER_SERIES;
        return true;
    }
}
