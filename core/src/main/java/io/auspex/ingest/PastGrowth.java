package io.auspex.ingest;

import java.time.Instant;

/**
 * New series of one metric within some ten minutes of the past.
 *
 * @param since when those began
 * @param label the label with the most values, empty when the series have none
 * @param values estimate of its different values
 * @param example one of them
 */
public record PastGrowth(
        Instant since, String metric, long created, long refused, String label, long values, String example) {}
