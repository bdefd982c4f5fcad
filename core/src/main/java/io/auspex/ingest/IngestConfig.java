package io.auspex.ingest;

import io.auspex.series.SeriesLimit;
import java.util.Set;

/**
 * What a tenant has set for its own samples; 0 leaves a limit to the node.
 *
 * @param activeSeries series with recent samples; never more than the node allows
 * @param seriesPerMetric series of one metric
 * @param samplesPerSecond rate at which samples are taken, on each node
 * @param otlpPromote attributes of OpenTelemetry resources that become labels of every series
 * @param influxPromote parameters of Influx writes ({@code db}, {@code bucket}, {@code org}) that become labels
 * @param relabel rules for everything that is sent, as YAML of {@code write_relabel_configs}; empty for none
 * @param scrape what is fetched, as YAML of {@code scrape_configs}; empty for nothing
 * @param version counts changes; 0 when nothing was ever set
 */
public record IngestConfig(
        int activeSeries,
        int seriesPerMetric,
        int samplesPerSecond,
        Set<String> otlpPromote,
        Set<String> influxPromote,
        String relabel,
        String scrape,
        int version) {
    /** Everything as the node has it. */
    public static final IngestConfig NONE = new IngestConfig(0, 0, 0, Set.of(), Set.of(), "", "", 0);

    public IngestConfig {
        otlpPromote = Set.copyOf(otlpPromote);
        influxPromote = Set.copyOf(influxPromote);
    }

    public SeriesLimit seriesLimit() {
        return new SeriesLimit(activeSeries, seriesPerMetric);
    }
}
