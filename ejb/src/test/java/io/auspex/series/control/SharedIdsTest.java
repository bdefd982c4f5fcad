package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A tenant that came from a snapshot has the ids of the one that it was made of. */
final class SharedIdsTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final long T = NOON.toEpochMilli() - 60_000;
    private static final Labels A = Labels.of("__name__", "m", "x", "a");
    private static final Labels B = Labels.of("__name__", "m", "x", "b");

    private final TestDatabase database = new TestDatabase(TestPostgres.shared());
    private final TenantId acme = database.tenant("acme");
    private final TenantId copy = database.tenant("copy");

    @Test
    void tenantsWithTheSameIds_areFlushedApart() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            engine.write(acme, A, T, 1);
            engine.write(acme, B, T, 2);
        }
        for (String row : database.query(acme, "select row_to_json(s)::text from auspex.series s order by series_id")) {
            database.query(
                    copy,
                    "insert into auspex.series select " + copy.value()
                            + ", r.series_id, r.h1, r.h2, r.metric, r.labels,"
                            + " r.segment, r.slot from json_populate_record(null::auspex.series, '" + row + "') r");
        }
        assertThat(database.query(copy, "select count(distinct segment) from auspex.series"))
                .containsExactly("1");

        try (TestEngine engine = TestEngine.start(database, NOON)) {
            engine.write(copy, A, T, 10);
            engine.write(copy, B, T + 1, 20);
            engine.write(acme, A, T + 2, 3);
            engine.flush();
            engine.flush();

            assertThat(engine.read(acme, "m")).isEqualTo(Map.of(A, floats(T, 1, T + 2, 3), B, floats(T, 2)));
            assertThat(engine.read(copy, "m")).isEqualTo(Map.of(A, floats(T, 10), B, floats(T + 1, 20)));
        }
        assertThat(database.query(copy, "select samples from auspex.perf_metrics"))
                .containsExactly("2");
    }

    private static Map<Long, Object> floats(Object... timesAndValues) {
        Map<Long, Object> samples = new TreeMap<>();
        for (int i = 0; i < timesAndValues.length; i += 2) {
            samples.put(
                    (Long) timesAndValues[i],
                    Double.doubleToRawLongBits(((Number) timesAndValues[i + 1]).doubleValue()));
        }
        return samples;
    }
}
