package io.auspex.live;

import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DueStepsTest {
    @Test
    void due_isEmpty_beforeTheNextTimeOfTheGrid() {
        DueSteps steps = new DueSteps(15_000, 30_000);

        assertThat(steps.due(44_999)).isEmpty();
        assertThat(steps.due(45_000)).contains(new DueSteps.Span(45_000, 45_000, 15_000));
    }

    @Test
    void due_startsAfterTheGridTime_whenTheSubscriberIsBetweenTwo() {
        assertThat(new DueSteps(15_000, 37_000).due(60_500)).contains(new DueSteps.Span(45_000, 60_000, 15_000));
    }

    @Test
    void told_neverGoesBack() {
        DueSteps steps = new DueSteps(1_000, 9_000);

        steps.told(4_000);

        assertThat(steps.toldMillis()).isEqualTo(9_000);
    }

    @Test
    void eachGridTime_isDueExactlyOnce_inOrder() {
        forAll(random -> {
            long step = 1_000 * random.nextLong(1, 120);
            long start = random.nextLong(0, 1_000_000_000);
            DueSteps steps = new DueSteps(step, start);
            List<Long> told = new ArrayList<>();
            long known = start;
            for (int i = 0; i < 50; i++) {
                known += random.nextLong(-step, 3 * step);
                steps.due(known).ifPresent(span -> {
                    for (long time = span.firstMillis(); time <= span.lastMillis(); time += step) {
                        told.add(time);
                    }
                    steps.told(span.lastMillis());
                });
            }
            for (int i = 0; i < told.size(); i++) {
                assertThat(told.get(i)).isEqualTo(Math.floorDiv(start, step) * step + (i + 1) * step);
            }
        });
    }
}
