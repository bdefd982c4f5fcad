package io.auspex.anomaly.boundary;

import io.auspex.anomaly.BatchDetection;
import io.auspex.anomaly.DetectorRule;
import io.auspex.anomaly.EventTracker;
import io.auspex.anomaly.Score;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.promql.FloatSeries;
import io.auspex.promql.boundary.Queries;
import io.auspex.promql.boundary.QueryRequest;
import io.auspex.series.Labels;
import io.auspex.series.SampleColumn;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Judges any expression or any posted series on demand; nothing is stored. */
@Stateless
@RolesAllowed({Role.ANALYST_NAME, Scope.QUERY_NAME})
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class AnomalyDetection {
    /** Points of one series, the history from which is learned included. */
    public static final int MAX_POINTS = 22_000;

    public static final int MAX_SERIES = 20;
    private static final int MAX_RANGE_POINTS = 11_000;
    private static final long CALM_STEPS = 20;
    private static final long MAX_SPAN_MILLIS = 366 * 86_400_000L;

    @Inject
    Queries queries;

    /** How to judge. */
    public record Settings(DetectorRule.Method method, double threshold) {
        public Settings {
            if (!(threshold >= 1 && threshold <= Score.MAX)) {
                throw new AuspexException(
                        Code.BAD_REQUEST, "threshold must be between 1 and " + Score.MAX + ", got " + threshold);
            }
        }
    }

    /** What is asked about: an expression over a time range, both ends inclusive, Unix milliseconds. */
    public record Range(String query, long startMillis, long endMillis, long stepMillis) {
        public Range {
            if (stepMillis <= 0 || endMillis < startMillis || endMillis - startMillis > MAX_SPAN_MILLIS) {
                throw new AuspexException(
                        Code.BAD_REQUEST,
                        "start must not be after end, step must be positive and the range at most 366 days");
            }
            if ((endMillis - startMillis) / stepMillis >= MAX_RANGE_POINTS) {
                throw new AuspexException(
                        Code.BAD_REQUEST, "a range has at most " + MAX_RANGE_POINTS + " steps; make the step longer");
            }
        }
    }

    /** The judgement of one series: a score for each point, and the events in them. */
    public record Judged(Labels labels, List<Score> scores, List<EventTracker.Event> events) {}

    /** Judges an expression; the range before the asked one, as long as it, is what is learned from. */
    public List<Judged> judge(Range range, Settings settings) {
        long span = range.endMillis() - range.startMillis();
        long history = Math.max(span, 300 * range.stepMillis());
        long steps = Math.min(history / range.stepMillis(), MAX_POINTS - MAX_RANGE_POINTS);
        long from = range.startMillis() - steps * range.stepMillis();
        QueryRequest request = new QueryRequest(
                range.query(), from, range.endMillis(), range.stepMillis(), OptionalLong.empty(), OptionalLong.empty());
        List<FloatSeries> found = FloatSeries.of(queries.run(request));
        requireFew(found.size());
        List<Judged> judged = new ArrayList<>();
        for (FloatSeries series : found) {
            int first = series.samples().indexFrom(range.startMillis());
            judged.add(judge(series.labels(), series.samples(), first, first, range.stepMillis(), settings));
        }
        return judged;
    }

    /** Judges posted series; the first half of each is what is learned from, and is judged by the baseline alone. */
    public List<Judged> judge(List<FloatSeries> posted, Settings settings) {
        requireFew(posted.size());
        List<Judged> judged = new ArrayList<>();
        for (FloatSeries series : posted) {
            int n = series.samples().size();
            if (n > MAX_POINTS) {
                throw new AuspexException(
                        Code.PAYLOAD_TOO_LARGE, "a series has at most " + MAX_POINTS + " points, got " + n);
            }
            long step = n < 2
                    ? 1
                    : (series.samples().timestamp(n - 1) - series.samples().timestamp(0)) / (n - 1);
            judged.add(judge(series.labels(), series.samples(), 0, n / 2, step, settings));
        }
        return judged;
    }

    private static void requireFew(int series) {
        if (series > MAX_SERIES) {
            throw new AuspexException(
                    Code.UNPROCESSABLE, "at most " + MAX_SERIES + " series are judged at once, got " + series);
        }
    }

    private static Judged judge(
            Labels labels, SampleColumn samples, int from, int trainedUntil, long stepMillis, Settings settings) {
        long[] times = Arrays.copyOf(samples.timestamps(), samples.size());
        double[] values = Arrays.copyOf(samples.values(), samples.size());
        List<Score> scores = BatchDetection.judge(times, values, from, trainedUntil, settings.method());
        EventTracker tracker = new EventTracker(settings.threshold(), CALM_STEPS * stepMillis);
        List<EventTracker.Event> events = new ArrayList<>();
        for (Score score : scores) {
            tracker.open()
                    .filter(event -> score.score() >= settings.threshold())
                    .filter(event -> score.epochMillis() - event.endMillis() > CALM_STEPS * stepMillis)
                    .ifPresent(events::add);
            tracker.update(score)
                    .filter(change -> change.change() == EventTracker.Change.CLOSED)
                    .ifPresent(change -> events.add(change.event()));
        }
        tracker.open().ifPresent(events::add);
        return new Judged(labels, scores, events);
    }
}
