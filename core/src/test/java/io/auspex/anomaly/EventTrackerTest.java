package io.auspex.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EventTrackerTest {
    private final EventTracker tracker = new EventTracker(4, 60_000);

    private Optional<EventTracker.Change> at(int second, double score) {
        Score judgement = new Score(second * 1000L, 1, score, 0, 0, 0, Season.NONE, List.of());
        return tracker.update(judgement).map(EventTracker.Transition::change);
    }

    @Test
    void update_makesOneEvent_ofManyPoints() {
        assertThat(at(0, 1)).isEmpty();
        assertThat(at(15, 5)).contains(EventTracker.Change.OPENED);
        assertThat(at(30, 5.5)).isEmpty();
        assertThat(at(45, 1)).isEmpty();
        assertThat(at(60, 7)).contains(EventTracker.Change.WORSENED);
        assertThat(at(120, 1)).isEmpty();
        assertThat(at(121, 1)).contains(EventTracker.Change.CLOSED);
        assertThat(at(135, 1)).isEmpty();
    }

    @Test
    void open_tellsPeakAndEnds() {
        at(15, 5);
        at(30, 9);
        at(45, 6);

        EventTracker.Event event = tracker.open().orElseThrow();

        assertThat(event.startMillis()).isEqualTo(15_000);
        assertThat(event.endMillis()).isEqualTo(45_000);
        assertThat(event.peak().score()).isEqualTo(9);
        assertThat(event.samples()).isEqualTo(3);
    }

    @Test
    void resume_goesOnWithTheOpenEvent() {
        Score peak = new Score(0, 1, 8, 0, 0, 0, Season.NONE, List.of());
        tracker.resume(new EventTracker.Event(0, 0, peak, 1));

        assertThat(at(15, 8.5)).isEmpty();
        assertThat(at(300, 0)).contains(EventTracker.Change.CLOSED);
    }
}
