package io.auspex.promql.boundary;

import io.auspex.promql.Result;

/**
 * The result of a query and how long it took.
 *
 * @param queueNanos from its arrival until it had a slot
 * @param prepareNanos parsing, and what else happened before evaluation
 * @param evaluationNanos evaluation
 */
public record QueryOutcome(Result result, long queueNanos, long prepareNanos, long evaluationNanos) {}
