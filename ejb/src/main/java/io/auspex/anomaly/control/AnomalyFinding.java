package io.auspex.anomaly.control;

import io.auspex.anomaly.CounterRate;
import io.auspex.anomaly.EventTracker;
import io.auspex.anomaly.Score;
import io.auspex.insight.Finding;
import io.auspex.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How an event of a series is told to people. */
final class AnomalyFinding {
    /** From which score on an anomaly that lasts is critical: a hundred times rarer than the threshold asks for. */
    private static final double CRITICAL_OVER_THRESHOLD = 2;

    /** A single odd sample is worth a look, not a call. */
    private static final int CRITICAL_SAMPLES = 3;

    /** Labels that say where a series comes from, which the entity tells, rather than what it is. */
    private static final Set<String> ORIGIN = Set.of("__name__", "job");

    private AnomalyFinding() {}

    static Finding of(AnomalyStore.Subject subject, EventTracker.Event event, long id) {
        boolean critical = event.peak().score() >= subject.threshold() + CRITICAL_OVER_THRESHOLD
                && event.samples() >= CRITICAL_SAMPLES;
        return new Finding(
                Finding.Kind.ANOMALY,
                critical ? Finding.Severity.CRITICAL : Finding.Severity.WARNING,
                source(id),
                subject.labels().toString(),
                title(subject.labels(), event.peak()),
                event.peak().explanation(),
                List.of(new Finding.Link("anomaly", "/api/v1/performance/anomalies/" + id)));
    }

    static String source(long id) {
        return "anomaly:" + id;
    }

    private static String title(Labels labels, Score peak) {
        List<String> values = new ArrayList<>();
        labels.forEach((name, value) -> {
            if (!ORIGIN.contains(name)) {
                values.add(name + " " + value);
            }
        });
        String series = labels.metric() + (values.isEmpty() ? "" : " (" + String.join(", ", values) + ")");
        String subject = CounterRate.isCounter(labels.metric()) ? "Rate of " + series : series;
        return subject
                + switch (peak.side()) {
                    case 1 -> " is higher than expected";
                    case -1 -> " is lower than expected";
                    default -> " moves in an unusual pattern";
                };
    }
}
