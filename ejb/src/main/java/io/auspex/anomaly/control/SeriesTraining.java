package io.auspex.anomaly.control;

import io.auspex.anomaly.CounterRate;
import io.auspex.anomaly.Detector;
import io.auspex.anomaly.DetectorRule;
import io.auspex.anomaly.Detectors;
import io.auspex.anomaly.SeasonalBaseline;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.SampleColumn;
import io.auspex.series.SampleStore;
import io.auspex.series.SeriesCursor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives a live series a detector that knows its past: from its saved state, else from its stored samples. */
@ApplicationScoped
public class SeriesTraining {
    private static final System.Logger LOG = System.getLogger(SeriesTraining.class.getName());
    private static final long DAY_MILLIS = 86_400_000L;
    /** Enough for a daily season to be seen once, and 11 520 samples at 15 s. */
    private static final long HISTORY_MILLIS = 2 * DAY_MILLIS;

    private static final long SHORT_HISTORY_RETRY_MILLIS = 20 * 60_000L;
    private static final int MOST_SAMPLES = 20_000;

    @Inject
    Instance<SampleStore> samples;

    @Inject
    DetectorStateStore states;

    @Inject
    Clock clock;

    /** Trains a series and says when it is due again. */
    void train(LiveSeries series, boolean fromState) {
        Optional<Detector> saved = fromState ? restored(series) : Optional.empty();
        if (saved.isPresent()) {
            series.adopt(saved.get());
            series.trainAgainAt(clock.millis() + SHORT_HISTORY_RETRY_MILLIS);
            return;
        }
        SampleColumn history = history(series);
        int n = history.size();
        if (n > 0) {
            series.adopt(learn(history, series.rule().method()));
        }
        boolean enough = n >= Detectors.LEAST_HISTORY || series.rule().method() == DetectorRule.Method.BASELINE;
        series.trainAgainAt(clock.millis() + (enough ? DAY_MILLIS : SHORT_HISTORY_RETRY_MILLIS));
    }

    private Optional<Detector> restored(LiveSeries series) {
        Optional<byte[]> state = states.load(series.tenant(), series.identity());
        try {
            return state.map(Detectors::restore);
        } catch (IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "detector state refused, learning anew tenant={0} series={1} reason={2}",
                    series.tenant(),
                    series.labels(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    private static Detector learn(SampleColumn history, DetectorRule.Method method) {
        int from = Math.max(0, history.size() - MOST_SAMPLES);
        long[] times = java.util.Arrays.copyOfRange(history.timestamps(), from, history.size());
        double[] values = java.util.Arrays.copyOfRange(history.values(), from, history.size());
        if (method == DetectorRule.Method.ENSEMBLE) {
            return Detectors.trained(times, values, Detectors.LIVE_BANK_POINTS);
        }
        SeasonalBaseline baseline = new SeasonalBaseline();
        for (int i = 0; i < times.length; i++) {
            baseline.update(times[i], values[i]);
        }
        return baseline;
    }

    /** The stored samples of exactly this series, as rates when it is a counter, without what is not finite. */
    private SampleColumn history(LiveSeries series) {
        Labels labels = series.labels();
        List<Matcher> matchers = new ArrayList<>();
        labels.forEach((name, value) -> matchers.add(Matcher.equal(name, value)));
        long now = clock.millis();
        SampleColumn history = new SampleColumn();
        try (SeriesCursor cursor = samples.get().reader(series.tenant()).select(matchers, now - HISTORY_MILLIS, now)) {
            while (cursor.next()) {
                if (cursor.labels().equals(labels)) {
                    SampleColumn found = cursor.samples();
                    for (int i = 0; i < found.size(); i++) {
                        if (Double.isFinite(found.value(i))) {
                            history.append(found.timestamp(i), found.value(i));
                        }
                    }
                }
            }
        }
        return series.isCounter() ? CounterRate.of(history) : history;
    }
}
