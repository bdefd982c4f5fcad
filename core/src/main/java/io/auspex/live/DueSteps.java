package io.auspex.live;

import java.util.Optional;

/**
 * The times of a grid that a subscriber has not been told yet. Not thread-safe.
 *
 * <p>A time is due once a sample at or after it is known, so that what is told at it does not change any more when
 * samples arrive in order.
 */
public final class DueSteps {
    /** More than this is no stream but a history, which the subscriber had better read again. */
    public static final int MAX_STEPS = 500;

    private final long stepMillis;
    private long toldMillis;

    /** @param toldMillis last time that the subscriber has */
    public DueSteps(long stepMillis, long toldMillis) {
        if (stepMillis <= 0) {
            throw new IllegalArgumentException("stepMillis must be positive, got " + stepMillis);
        }
        this.stepMillis = stepMillis;
        this.toldMillis = floor(toldMillis);
    }

    /** Times from first to last, both inclusive, at the grid's distance. */
    public record Span(long firstMillis, long lastMillis, long stepMillis) {
        public int count() {
            return Math.toIntExact((lastMillis - firstMillis) / stepMillis + 1);
        }
    }

    /** What is due when samples up to a time are known; empty when nothing is. */
    public Optional<Span> due(long knownMillis) {
        long last = floor(knownMillis);
        return last <= toldMillis ? Optional.empty() : Optional.of(new Span(toldMillis + stepMillis, last, stepMillis));
    }

    /** The subscriber has been told everything up to a time. */
    public void told(long millis) {
        toldMillis = Math.max(toldMillis, floor(millis));
    }

    public long toldMillis() {
        return toldMillis;
    }

    private long floor(long millis) {
        return Math.floorDiv(millis, stepMillis) * stepMillis;
    }
}
