package io.auspex.ingest;

import java.time.Instant;
import java.util.List;

/**
 * What a tenant's new series of the last minutes are.
 *
 * @param since when counting began
 * @param open whether series were refused within the last minute: the circuit breaker
 * @param created series that were registered
 * @param refused series that a limit kept out, each time that they were sent
 * @param metrics the one with the most new series first
 */
public record SeriesGrowth(Instant since, boolean open, long created, long refused, List<Metric> metrics) {
    /**
     * New series of one metric.
     *
     * @param labels the one with the most values first: mostly the cause
     */
    public record Metric(String metric, long created, long refused, List<Label> labels) {}

    /**
     * A label by which series of a metric differ.
     *
     * @param values estimate of its different values among the new series, within some 7 %
     * @param example the latest value
     */
    public record Label(String label, long values, String example) {}
}
