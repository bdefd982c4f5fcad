package io.auspex.anomaly;

import io.auspex.series.Labels;
import java.time.Instant;
import java.util.Optional;

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
        int samples) {}
