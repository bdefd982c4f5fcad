package io.auspex.series;

/** The times at which samples are taken, inclusive on both ends, in Unix milliseconds. */
public record AppendWindow(long oldestMillis, long newestMillis) {
    /** Takes everything; for replay of what was accepted before. */
    public static final AppendWindow ALL = new AppendWindow(Long.MIN_VALUE, Long.MAX_VALUE);

    public AppendWindow {
        if (oldestMillis > newestMillis) {
            throw new IllegalArgumentException(
                    "oldest must not be after newest, got " + oldestMillis + " and " + newestMillis);
        }
    }
}
