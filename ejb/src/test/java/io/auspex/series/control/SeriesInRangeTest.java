package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.SampleReader;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Series and labels are found where they have samples, in packs and in memory, and for their own tenant only. */
@Timeout(180)
class SeriesInRangeTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final long T = NOON.toEpochMilli() - Duration.ofHours(20).toMillis();
    private static final long HOUR = 3_600_000;
    private static final Labels OLD = Labels.of("__name__", "m", "gone", "yes", "x", "old");
    private static final Labels BOTH = Labels.of("__name__", "m", "x", "both");
    private static final Labels NEW = Labels.of("__name__", "m", "x", "new");
    private static final Labels LATE = Labels.of("__name__", "m", "x", "late");
    private static final List<Matcher> M = List.of(Matcher.equal("__name__", "m"));

    private final TestDatabase database = new TestDatabase(TestPostgres.shared());
    private final TenantId acme = database.tenant("acme");
    private final TenantId globex = database.tenant("globex");

    @Test
    void series_areThoseWithSamplesInTheRange() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            engine.write(acme, OLD, T, 1);
            engine.write(acme, BOTH, T, 1);
            engine.write(globex, NEW, T, 1);
            engine.flush();
            engine.write(acme, BOTH, T + 5 * HOUR, 1);
            engine.write(acme, NEW, T + 4 * HOUR, 1);
            engine.flush();
            engine.write(acme, LATE, T + 10 * HOUR, 1);
            SampleReader reader = engine.engine.store().reader(acme);

            assertThat(reader.series(M, T, T)).containsExactlyInAnyOrder(OLD, BOTH);
            assertThat(reader.series(M, T + 1, T + 5 * HOUR)).containsExactlyInAnyOrder(BOTH, NEW);
            assertThat(reader.series(M, T + 6 * HOUR, T + 9 * HOUR)).isEmpty();
            assertThat(reader.series(M, T + 6 * HOUR, T + 10 * HOUR)).containsExactly(LATE);
            assertThat(reader.series(M, Long.MIN_VALUE, Long.MAX_VALUE))
                    .containsExactlyInAnyOrder(OLD, BOTH, NEW, LATE);
            assertThat(reader.labelNames(List.of(), T + 1, T + 11 * HOUR)).containsExactly("__name__", "x");
            assertThat(reader.labelNames(M, T - 1, T)).containsExactly("__name__", "gone", "x");
            assertThat(reader.labelValues("x", List.of(), T + 6 * HOUR, T + 11 * HOUR))
                    .containsExactly("late");
            assertThat(reader.labelValues("x", M, T, T + 1)).containsExactly("both", "old");
            assertThat(engine.engine.store().reader(globex).series(M, T, T + 11 * HOUR))
                    .containsExactly(NEW);
        }
    }
}
