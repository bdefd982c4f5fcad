package io.auspex.anomaly;

import io.auspex.series.Labels;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A stored stretch of unexpected behaviour of one series.
 *
 * @param detectorId the rule that watched the series, absent for the defaults
 * @param lastAt time of the last sample over the threshold
 * @param endedAt when it was over, absent while it goes on
 * @param peak the judgement of the oddest sample
 * @param samples samples over the threshold
 */
public record Anomaly(
        long id,
        Optional<Long> detectorId,
        Labels labels,
        Instant startedAt,
        Instant lastAt,
        Optional<Instant> endedAt,
        Score peak,
        String explanation,
        int samples) {
    private static final Pattern PLAIN_NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

    /** What was judged, in PromQL: the series, or its rate when it is a counter. */
    public String expression() {
        String metric = labels.metric();
        String selector =
                PLAIN_NAME.matcher(metric).matches() ? metric + labels.without(Labels.METRIC_NAME) : labels.toString();
        return CounterRate.isCounter(metric) ? "rate(" + selector + "[2m])" : selector;
    }
}
