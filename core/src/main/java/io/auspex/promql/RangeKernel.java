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
}
