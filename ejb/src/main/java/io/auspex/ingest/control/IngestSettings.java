package io.auspex.ingest.control;

import io.auspex.ingest.IngestConfig;
import io.auspex.ingest.IngestLimits;
import io.auspex.series.AppendWindow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What may be sent (docs/operations/limits.md). */
@ApplicationScoped
public class IngestSettings {
    @Inject
    Clock clock;

    @Inject
    @ConfigProperty(name = "auspex.ingest.max-request-bytes", defaultValue = "16777216")
    int maxRequestBytes;

    @Inject
    @ConfigProperty(name = "auspex.ingest.max-body-bytes", defaultValue = "33554432")
    int maxBodyBytes;

    @Inject
    @ConfigProperty(name = "auspex.ingest.max-labels", defaultValue = "64")
    int maxLabels;

    @Inject
    @ConfigProperty(name = "auspex.ingest.max-label-name-bytes", defaultValue = "1024")
    int maxLabelNameBytes;

    @Inject
    @ConfigProperty(name = "auspex.ingest.max-label-value-bytes", defaultValue = "4096")
    int maxLabelValueBytes;

    @Inject
    @ConfigProperty(name = "auspex.ingest.max-label-set-bytes", defaultValue = "16384")
    int maxLabelSetBytes;

    @Inject
    @ConfigProperty(name = "auspex.ingest.max-histogram-buckets", defaultValue = "1024")
    int maxHistogramBuckets;

    @Inject
    @ConfigProperty(name = "auspex.ingest.out-of-order-window", defaultValue = "PT360H")
    Duration outOfOrderWindow;

    @Inject
    @ConfigProperty(name = "auspex.ingest.future-tolerance", defaultValue = "PT10M")
    Duration futureTolerance;

    @Inject
    @ConfigProperty(name = "auspex.ingest.created-zeros", defaultValue = "false")
    boolean createdZeros;

    @Inject
    @ConfigProperty(name = "auspex.ingest.delta-series", defaultValue = "200000")
    long deltaSeries;

    @Inject
    @ConfigProperty(name = "auspex.ingest.delta-idle", defaultValue = "PT1H")
    Duration deltaIdle;

    @Inject
    @ConfigProperty(name = "auspex.ingest.otlp-promote")
    Optional<String> otlpPromote; // Payara makes no Optional of a List

    @Inject
    @ConfigProperty(name = "auspex.ingest.influx-promote")
    Optional<String> influxPromote;

    @Inject
    @ConfigProperty(name = "auspex.ingest.relabel-series", defaultValue = "1000000")
    int relabelSeries;

    /** Series of a tenant for which the outcome of its rules is remembered, in each of two generations. */
    public int relabelSeries() {
        return relabelSeries;
    }

    /** Series of all tenants whose differences are added up. */
    public long deltaSeries() {
        return deltaSeries;
    }

    /** How long a total is kept of a series that sends nothing. */
    public Duration deltaIdle() {
        return deltaIdle;
    }

    /** Samples from then on are what a total goes on from. */
    long deltasSince() {
        return clock.millis() - deltaIdle.toMillis();
    }

    @Inject
    @ConfigProperty(name = "auspex.ingest.samples-per-second", defaultValue = "0")
    int samplesPerSecond;

    @Inject
    @ConfigProperty(name = "auspex.ingest.series-per-metric", defaultValue = "0")
    int seriesPerMetric;

    /** A tenant's settings, with the node's where it has none or the node's are stricter. */
    public IngestConfig effective(IngestConfig own) {
        return new IngestConfig(
                own.activeSeries(),
                stricter(own.seriesPerMetric(), seriesPerMetric),
                stricter(own.samplesPerSecond(), samplesPerSecond),
                own.otlpPromote().isEmpty() ? words(otlpPromote) : own.otlpPromote(),
                own.influxPromote().isEmpty() ? words(influxPromote) : own.influxPromote(),
                own.relabel(),
                own.scrape(),
                own.version());
    }

    private static Set<String> words(Optional<String> list) {
        return Arrays.stream(list.orElse("").split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static int stricter(int own, int ofNode) {
        return own == 0 || ofNode == 0 ? Math.max(own, ofNode) : Math.min(own, ofNode);
    }

    /** Whether a zero is stored where a sender says that a counter began. */
    public boolean createdZeros() {
        return createdZeros;
    }

    public IngestLimits limits() {
        return new IngestLimits(
                maxBodyBytes, maxLabels, maxLabelNameBytes, maxLabelValueBytes, maxLabelSetBytes, maxHistogramBuckets);
    }

    /** Bytes of a request as it is sent, compressed. */
    public int maxRequestBytes() {
        return maxRequestBytes;
    }

    /** The times at which samples are taken at this moment. */
    public AppendWindow window() {
        long now = clock.millis();
        return new AppendWindow(now - outOfOrderWindow.toMillis(), now + futureTolerance.toMillis());
    }
}
