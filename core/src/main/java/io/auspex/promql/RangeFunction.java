package io.auspex.promql;

import java.util.List;

/** A function of one range vector, and perhaps scalars: one column for each series of the range vector. */
@FunctionalInterface
public interface RangeFunction {
    /** Begins a call: evaluates the other arguments and makes what computes the windows. */
    RangeKernel open(FunctionCall call);

    /** Whether the result still is the metric, as with the last sample of a range. */
    default boolean keepsName() {
        return false;
    }

    /** Whether {@link #finish} has to see all series together, so that they cannot be worked off one by one. */
    default boolean needsAllSeries() {
        return false;
    }

    /** Last say over the result of all series. */
    default List<SeriesColumn> finish(FunctionCall call, List<SeriesColumn> columns) {
        return columns;
    }
}
