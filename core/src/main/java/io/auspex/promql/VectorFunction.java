package io.auspex.promql;

import java.util.List;

/** A function of instant vectors, scalars and strings: columns in, columns out. */
@FunctionalInterface
public interface VectorFunction {
    /** Evaluates the call over all its steps. The arguments' columns belong to the function, which may change them. */
    List<SeriesColumn> apply(FunctionCall call);
}
