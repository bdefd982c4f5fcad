package io.auspex.anomaly.rest;

import io.auspex.anomaly.DetectorRule;
import io.auspex.anomaly.EventTracker;
import io.auspex.anomaly.boundary.AnomalyDetection;
import io.auspex.forecast.rest.PostedSeries;
import io.auspex.forecast.rest.TimeValues;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.rest.Bodies;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Detection on demand. */
@RequestScoped
@Path("v1/performance/detect/anomalies")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class DetectionResource {
    private static final long DAY_MILLIS = 86_400_000L;
    private static final long LEAST_STEP_MILLIS = 15_000;
    private static final int DEFAULT_STEPS = 5_760;

    @Inject
    AnomalyDetection detection;

    @Inject
    Clock clock;

    /**
     * What to judge: either a query over a range (the last day by default), or posted series.
     *
     * @param detector {@code ensemble} or {@code baseline}
     * @param threshold nines from which a point belongs to an event
     */
    public record Request(
            @Nullable String query,
            @Nullable JsonValue start,
            @Nullable JsonValue end,
            @Nullable JsonValue step,
            @Nullable List<PostedSeries> series,
            @Nullable String detector,
            @Nullable Double threshold) {}

    /** The answer: one judgement for each series. */
    public record Answer(String detector, double threshold, List<SeriesView> series) {}

    /** One judged series. */
    public record SeriesView(Map<String, String> labels, List<ScoreView> points, List<EventView> events) {}

    /** A stretch of points at or over the threshold. */
    public record EventView(String start, String end, int points, ScoreView peak) {
        static EventView of(EventTracker.Event event) {
            return new EventView(
                    Instant.ofEpochMilli(event.startMillis()).toString(),
                    Instant.ofEpochMilli(event.endMillis()).toString(),
                    event.samples(),
                    ScoreView.of(event.peak(), true));
        }
    }

    @POST
    public Answer detect(@Nullable Request body) {
        Request wanted = Bodies.required(body, "a body");
        AnomalyDetection.Settings settings = settings(wanted);
        List<AnomalyDetection.Judged> judged;
        if (wanted.series() != null && wanted.query() == null) {
            judged = detection.judge(PostedSeries.read(wanted.series()), settings);
        } else if (wanted.query() != null && wanted.series() == null) {
            judged = detection.judge(range(wanted, wanted.query()), settings);
        } else {
            throw new AuspexException(Code.BAD_REQUEST, "either query or series is required");
        }
        List<SeriesView> views =
                judged.stream().map(each -> view(each, settings.threshold())).toList();
        return new Answer(settings.method().wireName(), settings.threshold(), views);
    }

    private static SeriesView view(AnomalyDetection.Judged judged, double threshold) {
        return new SeriesView(
                judged.labels().toMap(),
                judged.scores().stream()
                        .map(score -> ScoreView.of(score, score.score() >= threshold))
                        .toList(),
                judged.events().stream().map(EventView::of).toList());
    }

    private AnomalyDetection.Range range(Request wanted, String query) {
        long end = TimeValues.millis(wanted.end(), "end", clock.millis());
        long start = TimeValues.millis(wanted.start(), "start", end - DAY_MILLIS);
        long step =
                TimeValues.duration(wanted.step(), "step", Math.max(LEAST_STEP_MILLIS, (end - start) / DEFAULT_STEPS));
        return new AnomalyDetection.Range(query, start, end, step);
    }

    private static AnomalyDetection.Settings settings(Request wanted) {
        DetectorRule.Method method = wanted.detector() == null
                ? DetectorRule.Method.ENSEMBLE
                : DetectorRule.Method.find(wanted.detector())
                        .orElseThrow(() -> new AuspexException(
                                Code.BAD_REQUEST, "detector must be ensemble or baseline, got " + wanted.detector()));
        double threshold = wanted.threshold() == null ? DetectorRule.DEFAULT_THRESHOLD : wanted.threshold();
        return new AnomalyDetection.Settings(method, threshold);
    }
}
