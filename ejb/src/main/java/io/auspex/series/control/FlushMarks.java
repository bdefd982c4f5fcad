package io.auspex.series.control;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * For each series, up to when its samples stand in packs, and whether samples have come into that time since.
 *
 * <p>A flush first raises the mark and then reads the head; an append first writes the head and then looks at the
 * mark. So a sample is either read by the flush or seen to be late, never neither.
 */
final class FlushMarks {
    private static final int PAGE = 512;

    /** One page of series: the mark of series i at 2 i, its late flag at 2 i + 1. */
    private volatile AtomicLongArray[] pages = {};

    private AtomicLongArray page(int ref) {
        int page = ref / PAGE;
        AtomicLongArray[] current = pages;
        return page < current.length ? current[page] : grow(page);
    }

    private synchronized AtomicLongArray grow(int page) {
        AtomicLongArray[] current = pages;
        if (page >= current.length) {
            AtomicLongArray[] grown = java.util.Arrays.copyOf(current, Math.max(page + 1, current.length * 2));
            for (int i = current.length; i < grown.length; i++) {
                grown[i] = new AtomicLongArray(2 * PAGE);
                for (int j = 0; j < PAGE; j++) {
                    grown[i].set(2 * j, Long.MIN_VALUE);
                }
            }
            pages = grown;
            current = grown;
        }
        return current[page];
    }

    /**
     * Tells of a sample, once before the head gets it and once after: the first call keeps a release from taking it for
     * flushed, the second one a flush from passing it by.
     */
    void touch(int ref, long timestamp) {
        AtomicLongArray page = page(ref);
        int at = 2 * (ref % PAGE);
        if (timestamp <= page.get(at)) {
            page.set(at + 1, 1);
        }
    }

    /** Unix milliseconds up to which the series stands in packs, {@link Long#MIN_VALUE} when nowhere. */
    long flushedTo(int ref) {
        return page(ref).get(2 * (ref % PAGE));
    }

    void flushedTo(int ref, long millis) {
        page(ref).set(2 * (ref % PAGE), millis);
    }

    boolean isLate(int ref) {
        return page(ref).get(2 * (ref % PAGE) + 1) != 0;
    }

    /** Whether late samples have come since the last call; none are known afterwards. */
    boolean takeLate(int ref) {
        return page(ref).getAndSet(2 * (ref % PAGE) + 1, 0) != 0;
    }

    void markLate(int ref) {
        page(ref).set(2 * (ref % PAGE) + 1, 1);
    }
}
