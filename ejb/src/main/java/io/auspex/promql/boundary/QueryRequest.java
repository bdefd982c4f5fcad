package io.auspex.promql.boundary;

import io.auspex.promql.Steps;
import java.util.OptionalLong;

/**
 * A query as a caller asks for it.
 *
 * @param startMillis the time of an instant query, or the first of a range
 * @param endMillis the last time; equal to the first for an instant query
 * @param stepMillis between times; zero for an instant query
 * @param timeoutMillis at most the node's own limit counts
 * @param lookbackMillis how old a sample may be, when not the node's default
 * @param samplesPerStep whether the cost of each step is wanted
 * @param plan whether the cost of each part of the query is wanted
 */
public record QueryRequest(
        String query,
        long startMillis,
        long endMillis,
        long stepMillis,
        OptionalLong timeoutMillis,
        OptionalLong lookbackMillis,
        boolean samplesPerStep,
        boolean plan) {
    /** Without the cost of each step and part. */
    public QueryRequest(
            String query,
            long startMillis,
            long endMillis,
            long stepMillis,
            OptionalLong timeoutMillis,
            OptionalLong lookbackMillis) {
        this(query, startMillis, endMillis, stepMillis, timeoutMillis, lookbackMillis, false, false);
    }

    public static QueryRequest instant(
            String query, long epochMillis, OptionalLong timeoutMillis, OptionalLong lookbackMillis) {
        return new QueryRequest(query, epochMillis, epochMillis, 0, timeoutMillis, lookbackMillis);
    }

    public QueryRequest withSamplesPerStep(boolean wanted) {
        return new QueryRequest(query, startMillis, endMillis, stepMillis, timeoutMillis, lookbackMillis, wanted, plan);
    }

    /** The same times for another query. */
    public QueryRequest withQuery(String other) {
        return new QueryRequest(other, startMillis, endMillis, stepMillis, timeoutMillis, lookbackMillis);
    }

    public QueryRequest withPlan() {
        return new QueryRequest(
                query, startMillis, endMillis, stepMillis, timeoutMillis, lookbackMillis, samplesPerStep, true);
    }

    /** The times at which it is evaluated. */
    public Steps steps() {
        return isRange() ? Steps.range(startMillis, endMillis, stepMillis) : Steps.at(startMillis);
    }

    public boolean isRange() {
        return stepMillis > 0;
    }
}
