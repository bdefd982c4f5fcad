package io.auspex.promql;

/**
 * Which optional parts of the language are on. UTF-8 names, {@code @} and negative offsets always are.
 *
 * @param experimentalFunctions functions and aggregations that the language version calls experimental
 * @param durationExpressions arithmetic where a duration is expected, as in {@code [5m * 2]}
 * @param delayedNameRemoval whether the metric name is dropped at the end of the evaluation instead of at
 *     each operation
 * @param functions what may be called
 */
public record Dialect(
        boolean experimentalFunctions, boolean durationExpressions, boolean delayedNameRemoval, Functions functions) {
    /** The reference's defaults. */
    public static final Dialect STANDARD = new Dialect(false, false, false, Functions.STANDARD);

    /** Everything on, as the reference's language tests run. */
    public static final Dialect EXTENDED = new Dialect(true, true, true, Functions.STANDARD);

    /** The same with other functions. */
    public Dialect with(Functions other) {
        return new Dialect(experimentalFunctions, durationExpressions, delayedNameRemoval, other);
    }
}
