package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.codec.LogEncoder;
import io.auspex.series.Labels;
import io.auspex.series.NewSeries;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that one server wrote before there could be several: nothing that it acknowledged is lost. */
@Timeout(120)
class UpgradeTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final long T = NOON.toEpochMilli() - Duration.ofHours(1).toMillis();
    private static final String FIRST_OF_SEVERAL_NODES = "cluster-010-nodes";
    private static final int CHANGE_SETS = 4;
    private static final Labels API = Labels.of("__name__", "m", "job", "api");

    private final TestPostgres server = TestPostgres.shared();
    private final String name = server.databaseBefore(FIRST_OF_SEVERAL_NODES);
    private final TestDatabase database = new TestDatabase(server, name);
    private final TenantId acme = database.tenant("acme");

    @Test
    void logOfAFormerVersion_isReplayed_behindItsCheckpoint() {
        series();
        old(0, 0, 5, T, 1); // in packs since the last flush
        old(1, 0, 6, T + 1, 2);
        old(1, 1, 7, T + 2, 3);
        old(2, 0, 9, T + 1, 77); // comes second, so the first stays
        database.query("insert into auspex.ingest_checkpoint (stream, upto_seq, generation)"
                + " select stream, 5, 4 from generate_series(0, 7) stream");
        Map<Long, Object> expected = new TreeMap<>(Map.of(
                T + 1, Double.doubleToRawLongBits(2),
                T + 2, Double.doubleToRawLongBits(3)));

        server.migrate(name, Integer.MAX_VALUE);

        try (TestEngine engine = TestEngine.start(database, NOON)) {
            assertThat(engine.read(acme, "m")).isEqualTo(Map.of(API, expected));
            assertThat(engine.engine.figures().replay().samples()).isEqualTo(2);
            engine.write(acme, API, T + 3, 4);
            expected.put(T + 3, Double.doubleToRawLongBits(4));
            engine.flush();
            engine.flush(); // the table that the first one wrote to had old rows in it
            assertThat(engine.read(acme, "m")).isEqualTo(Map.of(API, expected));
            assertThat(database.query("select sum(rows) from auspex.ingest_log_state()"))
                    .containsExactly("0");
            assertThat(database.query("select min(stream) from auspex.ingest_checkpoint"))
                    .as("streams of the former version are forgotten")
                    .containsExactly("100");
            assertThat(database.query(acme, "select generation from auspex.perf_metrics"))
                    .containsExactly("5");
        }
    }

    @Test
    void logThatWasNeverFlushed_isReplayed() {
        series();
        old(0, 1, 1, T, 1);

        server.migrate(name, Integer.MAX_VALUE);

        try (TestEngine engine = TestEngine.start(database, NOON)) {
            assertThat(engine.read(acme, "m")).isEqualTo(Map.of(API, Map.of(T, Double.doubleToRawLongBits(1))));
        }
    }

    @Test
    void changeSets_canBeTakenBack_withRowsInTheLog() {
        series();
        server.migrate(name, CHANGE_SETS);
        old(0, 0, 1, T, 1);

        server.rollBack(name, CHANGE_SETS);

        assertThat(database.query(
                        "select count(*) from pg_constraint where contype = 'p' and conname like 'ingest_log_%'"))
                .containsExactly("4");
        assertThat(database.query(
                        "select count(*) from pg_class where relname in ('lease', 'cluster_node', 'ingest_flush')"))
                .containsExactly("0");
        server.migrate(name, Integer.MAX_VALUE);
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            assertThat(engine.read(acme, "m")).isEqualTo(Map.of(API, Map.of(T, Double.doubleToRawLongBits(1))));
        }
    }

    private void series() {
        NewSeries series = NewSeries.of(API);
        database.jdbc.run(acme, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("insert into auspex.series"
                    + " (tenant_id, series_id, h1, h2, metric, labels, segment, slot)"
                    + " values (?, 1, ?, ?, 'm', ?::json, 1, 0)")) {
                statement.setInt(1, acme.value());
                statement.setLong(2, series.identity().high());
                statement.setLong(3, series.identity().low());
                statement.setString(4, LabelsJson.write(API));
                statement.executeUpdate();
            }
        });
    }

    /** A row as the former version wrote it. */
    private void old(int slot, int stream, long seq, long time, double value) {
        LogEncoder encoder = new LogEncoder();
        encoder.add(1, time, value);
        byte[][] rows = encoder.finish(LogConnection.MAX_ROW_BYTES);
        assertThat(rows).hasDimensions(1, rows[0].length);
        database.jdbc.run(acme, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("insert into auspex.ingest_log_" + slot
                    + " (tenant_id, seq, stream, part, samples, payload) values (?, ?, ?, 0, 1, ?)")) {
                statement.setInt(1, acme.value());
                statement.setLong(2, seq);
                statement.setInt(3, stream);
                statement.setBytes(4, rows[0]);
                statement.executeUpdate();
            }
        });
    }
}
