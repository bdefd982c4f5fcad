package io.auspex.ingest.control;

import io.auspex.ingest.IngestLimits;
import io.auspex.series.AppendWindow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
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
