package io.auspex.promql;

/**
 * How a query is evaluated.
 *
 * @param lookbackMillis how old a sample may be and still count as current; 5 minutes in the reference
 * @param subqueryStepMillis the step of a subquery that names none; the evaluation interval of rules
 * @param typeAndUnitLabels whether {@code __type__} tells counters, instead of the suffix of the metric name
 * @param samplesPerStep whether touched samples are counted for each step too
 * @param plan whether the cost of each part of the query is measured
 */
public record QueryOptions(
        Dialect dialect,
        long lookbackMillis,
        long subqueryStepMillis,
        boolean typeAndUnitLabels,
        QueryLimits limits,
        QueryGuard guard,
        boolean samplesPerStep,
        boolean plan) {
    public static final QueryOptions STANDARD = new QueryOptions(
            Dialect.STANDARD, 300_000, 60_000, false, QueryLimits.STANDARD, QueryGuard.NONE, false, false);

    public QueryOptions {
        if (lookbackMillis <= 0 || subqueryStepMillis <= 0) {
            throw new IllegalArgumentException(
                    "look-back and step must be positive, got " + lookbackMillis + " and " + subqueryStepMillis);
        }
    }

    public QueryOptions with(Dialect other) {
        return new QueryOptions(
                other, lookbackMillis, subqueryStepMillis, typeAndUnitLabels, limits, guard, samplesPerStep, plan);
    }

    public QueryOptions with(QueryLimits other) {
        return new QueryOptions(
                dialect, lookbackMillis, subqueryStepMillis, typeAndUnitLabels, other, guard, samplesPerStep, plan);
    }

    public QueryOptions with(QueryGuard other) {
        return new QueryOptions(
                dialect, lookbackMillis, subqueryStepMillis, typeAndUnitLabels, limits, other, samplesPerStep, plan);
    }

    public QueryOptions withLookback(long millis) {
        return new QueryOptions(
                dialect, millis, subqueryStepMillis, typeAndUnitLabels, limits, guard, samplesPerStep, plan);
    }

    public QueryOptions withSubqueryStep(long millis) {
        return new QueryOptions(
                dialect, lookbackMillis, millis, typeAndUnitLabels, limits, guard, samplesPerStep, plan);
    }
}
