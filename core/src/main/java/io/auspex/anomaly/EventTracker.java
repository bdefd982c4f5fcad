package io.auspex.anomaly;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the scores of one series into events: one event from the first score over a threshold until the scores
 * have been calm for a while.
 *
 * <p>Not thread-safe.
 */
public final class EventTracker {
    /** What happened to the event of a series. */
    public enum Change {
        OPENED,
        /** The event got worse: its highest score, and with it its evidence, is another one. */
        WORSENED,
        CLOSED
    }

    /**
     * A stretch of oddness.
     *
     * @param startMillis time of the first sample over the threshold
     * @param endMillis time of the last sample over the threshold so far
     * @param peak the judgement with the highest score
     * @param samples samples over the threshold
     */
    public record Event(long startMillis, long endMillis, Score peak, int samples) {}

    /** A change of the event, with the event as it is now. */
    public record Transition(Change change, Event event) {}

    private final double threshold;
    private final long calmMillis;
    private @Nullable Event open;
    private double told;

    /**
     * @param threshold the score, in nines, from which a sample belongs to an event
     * @param calmMillis how long no sample may reach the threshold until the event is over
     */
    public EventTracker(double threshold, long calmMillis) {
        if (!(threshold > 0)) {
            throw new IllegalArgumentException("threshold must be positive, got " + threshold);
        }
        this.threshold = threshold;
        this.calmMillis = calmMillis;
    }

    /** The event that is open. */
    public Optional<Event> open() {
        return Optional.ofNullable(open);
    }

    /** Goes on with an event that was open before a restart. */
    public void resume(Event event) {
        open = event;
        told = event.peak().score();
    }

    /** Takes in a judgement; tells what changed. */
    public Optional<Transition> update(Score score) {
        Event event = open;
        if (score.score() >= threshold) {
            return event == null || score.epochMillis() - event.endMillis > calmMillis
                    ? Optional.of(begin(score))
                    : extend(event, score);
        }
        if (event != null && score.epochMillis() - event.endMillis > calmMillis) {
            open = null;
            return Optional.of(new Transition(Change.CLOSED, event));
        }
        return Optional.empty();
    }

    private Transition begin(Score score) {
        Event event = new Event(score.epochMillis(), score.epochMillis(), score, 1);
        open = event;
        told = score.score();
        return new Transition(Change.OPENED, event);
    }

    private Optional<Transition> extend(Event event, Score score) {
        Score peak = score.score() > event.peak.score() ? score : event.peak;
        Event longer = new Event(event.startMillis, score.epochMillis(), peak, event.samples + 1);
        open = longer;
        // A tenth more is not worth a write; a nine more is.
        if (peak.score() >= told + 1) {
            told = peak.score();
            return Optional.of(new Transition(Change.WORSENED, longer));
        }
        return Optional.empty();
    }
}
