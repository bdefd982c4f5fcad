package io.auspex.promql;

import io.auspex.series.Labels;

/** Computes the windows of one series after the other, each series from its first step to its last. */
@FunctionalInterface
public interface RangeKernel {
    /** Begins a series; the window does not show anything yet. */
    default void begin(Labels labels, Window window) {}

    /** Computes a step whose window is not empty, and sets that slot of the result or leaves it absent. */
    void apply(Window window, int step, SeriesColumn result);

    /** Ends a series. */
    default void end(SeriesColumn result) {}

    /** Whether {@link #applyAll} may be called in place of {@link #apply} for each step. */
    default boolean appliesAtOnce() {
        return false;
    }

    /**
     * As {@link #apply} for each step of a series of floats.
     *
     * @param bounds of each step where its window begins and ends among the floats
     */
    default void applyAll(Window window, int[] bounds, SeriesColumn result) {
        throw new UnsupportedOperationException();
    }
}
