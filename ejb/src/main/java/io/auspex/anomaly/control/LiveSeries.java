package io.auspex.anomaly.control;

import io.auspex.anomaly.CounterRate;
import io.auspex.anomaly.Detector;
import io.auspex.anomaly.DetectorRule;
import io.auspex.anomaly.EventTracker;
import io.auspex.anomaly.Score;
import io.auspex.anomaly.SeasonalBaseline;
import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import io.auspex.tenancy.TenantId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One series that is judged as its samples arrive. Belongs to the listener's thread, except for the detector that
 * training hands over and the state that is saved from it.
 */
final class LiveSeries {
    /** How long a series must be calm until its event is over. */
    private static final long CALM_MILLIS = 5 * 60_000L;

    /** Nines beyond what was seen that a detector is believed: of 1 000 samples it can tell one in a million. */
    private static final double BELIEVED_BEYOND = 3;

    private final TenantId tenant;
    private final Labels labels;
    private final DetectorRule rule;
    private final int warmUp;
    private final @Nullable CounterRate rate;
    private final EventTracker tracker;
    private final AtomicReference<@Nullable Detector> trained = new AtomicReference<>();
    private Detector detector = new SeasonalBaseline();
    private long lastMillis = Long.MIN_VALUE;
    private boolean changed;
    private EventTracker.@Nullable Transition unsaved;
    private volatile long nextTrainingMillis;

    /** @param warmUp samples that its detector must have learned from before anything counts as an anomaly */
    LiveSeries(TenantId tenant, Labels labels, DetectorRule rule, int warmUp) {
        this.tenant = tenant;
        this.labels = labels;
        this.rule = rule;
        this.warmUp = warmUp;
        this.rate = CounterRate.isCounter(labels.metric()) ? new CounterRate() : null;
        this.tracker = new EventTracker(rule.threshold(), CALM_MILLIS);
    }

    TenantId tenant() {
        return tenant;
    }

    Labels labels() {
        return labels;
    }

    DetectorRule rule() {
        return rule;
    }

    SeriesIdentity identity() {
        return SeriesIdentity.of(labels);
    }

    AnomalyStore.Subject subject() {
        return new AnomalyStore.Subject(tenant, labels, rule.id(), rule.threshold());
    }

    boolean isCounter() {
        return rate != null;
    }

    /** Goes on with an event from before a restart. */
    void resume(EventTracker.Event event) {
        tracker.resume(event);
    }

    /** Hands over a detector that has learned; called by the training's thread. */
    void adopt(Detector learned) {
        trained.set(learned);
    }

    /** Judges a sample; a change of the event waits in {@link #unsaved()}. */
    void update(long epochMillis, double value) {
        Detector successor = trained.getAndSet(null);
        if (successor != null) {
            synchronized (this) {
                detector = successor;
            }
        }
        double judged = rate == null ? value : rate.update(epochMillis, value);
        if (!Double.isFinite(judged) || epochMillis <= lastMillis) {
            return;
        }
        lastMillis = epochMillis;
        Score score;
        long learned;
        synchronized (this) {
            learned = detector.observations();
            score = detector.update(epochMillis, judged);
            changed = true;
        }
        score = score.limitedTo(learned < warmUp ? 0 : Math.log10(learned) + BELIEVED_BEYOND);
        // A closing that could not be stored yet must not be lost to the opening that follows it.
        tracker.update(score).filter(next -> !waitsToClose()).ifPresent(next -> unsaved = next);
    }

    private boolean waitsToClose() {
        return unsaved != null && unsaved.change() == EventTracker.Change.CLOSED;
    }

    Optional<EventTracker.Transition> unsaved() {
        return Optional.ofNullable(unsaved);
    }

    void saved() {
        unsaved = null;
    }

    /** The state of the detector when it has changed since it was last asked for; called by any thread. */
    synchronized Optional<byte[]> takeState() {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        return Optional.of(detector.save());
    }

    long lastMillis() {
        return lastMillis;
    }

    boolean isTrainingDue(long nowMillis) {
        return nowMillis >= nextTrainingMillis;
    }

    void trainAgainAt(long epochMillis) {
        nextTrainingMillis = epochMillis;
    }
}
