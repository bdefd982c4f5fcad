package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.support.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the schema itself promises, whoever writes the SQL. */
class SchemaTest {
    private static final TestPostgres POSTGRES = TestPostgres.shared();
    private static final String DATABASE = POSTGRES.newDatabase();
    private static final int ACME = tenant("acme");
    private static final int GLOBEX = tenant("globex");

    @Test
    void pack_isSeenByItsTenantOnly() throws SQLException {
        app("select auspex.perf_metrics_create_day(current_date)");
        asTenant(ACME, insertPack(ACME, 1));
        asTenant(GLOBEX, insertPack(GLOBEX, 1));

        assertThat(asTenant(ACME, "select tenant_id from auspex.perf_metrics")).containsExactly(Integer.toString(ACME));
        assertThat(app("select tenant_id from auspex.perf_metrics")).isEmpty();
        assertThatThrownBy(() -> asTenant(ACME, insertPack(GLOBEX, 2))).hasMessageContaining("row-level security");
    }

    @Test
    void partition_cannotBeReadAroundItsParent() throws SQLException {
        app("select auspex.perf_metrics_create_day(current_date)");
        String partition = "auspex.perf_metrics_p"
                + app("select to_char(current_date, 'YYYYMMDD')").get(0);

        assertThatThrownBy(() -> app("select * from " + partition)).hasMessageContaining("permission denied");
    }

    @Test
    void createDay_saysWhetherItCreated() throws SQLException {
        assertThat(app("select auspex.perf_metrics_create_day(current_date - 5)"))
                .containsExactly("t");
        assertThat(app("select auspex.perf_metrics_create_day(current_date - 5)"))
                .containsExactly("f");
        assertThatThrownBy(() -> app("select auspex.perf_metrics_create_day(current_date + 3)"))
                .hasMessageContaining("outside");
    }

    @Test
    void dropDue_keepsWhatAnyTenantMustKeep() throws SQLException {
        app("select auspex.perf_metrics_create_day(current_date - 40)");
        app("select auspex.perf_metrics_create_tier('5m', current_date - 40)");
        asTenant(GLOBEX, "insert into auspex.retention_policy values (" + GLOBEX + ", 'slo', 0, 'x', 45, 1, 45, 1, 1)");

        assertThat(app("select auspex.perf_metrics_drop_due('raw', 15)")).isEmpty();
        assertThat(app("select auspex.perf_metrics_drop_due('5m', 15)")).isEmpty();
        asTenant(GLOBEX, "delete from auspex.retention_policy");
        assertThat(app("select auspex.perf_metrics_drop_due('raw', 15)")).hasSize(1);
        assertThat(app("select auspex.perf_metrics_drop_due('5m', 15)")).hasSize(1);
        assertThatThrownBy(() -> app("select auspex.perf_metrics_drop_due('2h', 15)"))
                .hasMessageContaining("no tier");
    }

    @Test
    void retentionPolicy_isSeenByItsTenantOnly() throws SQLException {
        asTenant(ACME, "insert into auspex.retention_policy values (" + ACME + ", 'default', 0, '.*', 1, 1, 1, 1, 1)");

        assertThat(asTenant(GLOBEX, "select tenant_id from auspex.retention_policy"))
                .isEmpty();
        assertThatThrownBy(() -> asTenant(
                        GLOBEX,
                        "insert into auspex.retention_policy values (" + ACME + ", 'x', 0, '.*', 1, 1, 1, 1, 1)"))
                .hasMessageContaining("row-level security");
        asTenant(ACME, "delete from auspex.retention_policy");
    }

    @Test
    void logTable_isTruncatedOnlyWhenCovered() throws SQLException {
        asTenant(ACME, insertLog(ACME, 1));
        asTenant(GLOBEX, insertLog(GLOBEX, 2));
        assertThat(app("select auspex.ingest_log_truncate(3)")).containsExactly("f");

        app("insert into auspex.ingest_checkpoint (stream, upto_seq, generation) values (7, 0, 0)");
        assertThat(app("select auspex.ingest_log_truncate(3)")).containsExactly("f");
        long epoch = Long.parseLong(
                app("select auspex.lease_keep('flush', 1, interval '1 hour')").get(0));
        app("select auspex.ingest_checkpoint_move(" + epoch + ", 1, '{7}', '{2}')");

        assertThat(app("select auspex.ingest_log_truncate(3)")).containsExactly("t");
        assertThat(asTenant(ACME, "select seq from auspex.ingest_log_3")).isEmpty();
        assertThatThrownBy(() -> app("truncate auspex.ingest_log_3")).hasMessageContaining("permission denied");
    }

    /** Nodes follow the log of all tenants without a role or function that sees anybody's samples. */
    @Test
    void news_sayWhoseTheyAre_andRowsAreReadByTheirTenantOnly() throws SQLException {
        asTenant(ACME, insertLog(1, ACME, 3, 8));
        asTenant(GLOBEX, insertLog(2, GLOBEX, 4, 8));
        asTenant(GLOBEX, insertLog(2, GLOBEX, 5, 8));

        assertThat(app("select slot || ' ' || seq || ' ' || tenant_id from auspex.ingest_log_news('{8}', '{3}', 10)"))
                .containsExactly("2 4 " + GLOBEX, "2 5 " + GLOBEX);
        assertThat(app("select seq from auspex.ingest_log_news('{8}', '{0}', 2)"))
                .as("a limit leaves out the latest")
                .containsExactly("3", "4");
        assertThat(app(
                        "select string_agg(a, ' ' order by n) from pg_proc p, unnest(p.proargnames) with ordinality as u (a, n)"
                                + " where p.proname = 'ingest_log_news' and n > 3"))
                .containsExactly("slot stream seq tenant_id age_millis");
        assertThat(app("select seq from auspex.ingest_log_2")).isEmpty();
        assertThat(asTenant(ACME, "select seq from auspex.ingest_log_2")).isEmpty();
        assertThat(asTenant(GLOBEX, "select seq from auspex.ingest_log_2 where stream = 8 order by 1"))
                .containsExactly("4", "5");
        app("insert into auspex.ingest_checkpoint (stream, upto_seq, generation) values (8, 5, 1)");
        app("select auspex.ingest_log_truncate(1), auspex.ingest_log_truncate(2)");
    }

    @Test
    void checkpointsAndLease_changeByTheirFunctionsOnly() throws SQLException {
        for (String change : List.of(
                "update auspex.ingest_checkpoint set upto_seq = 99",
                "delete from auspex.ingest_checkpoint",
                "update auspex.ingest_flush set emptied = 99",
                "update auspex.lease set epoch = 99",
                "insert into auspex.lease values ('mine', 1, 1, 'infinity')")) {
            assertThatThrownBy(() -> app(change)).as(change).hasMessageContaining("permission denied");
        }
        for (String function : List.of(
                "ingest_announce(0, true)",
                "ingest_checkpoint_move(0, 1, '{8}', '{1}')",
                "ingest_emptying(0, 1)",
                "ingest_forget_streams(0, 1)")) {
            assertThatThrownBy(() -> app("select auspex." + function))
                    .as(function)
                    .hasMessageContaining("has gone to another node");
        }
    }

    private static String insertPack(int tenant, int segment) {
        return "insert into auspex.perf_metrics select " + tenant + ", " + segment
                + ", extract(epoch from current_date)::bigint * 1000, 1, extract(epoch from current_date)::bigint * 1000 + 5, 1, 1, '\\x00'";
    }

    private static String insertLog(int tenant, long seq) {
        return insertLog(3, tenant, seq, 7);
    }

    private static String insertLog(int slot, int tenant, long seq, int stream) {
        return "insert into auspex.ingest_log_" + slot + " (tenant_id, seq, stream, part, samples, payload) values ("
                + tenant + ", " + seq + ", " + stream + ", 0, 1, '\\x00')";
    }

    private static int tenant(String slug) {
        try {
            return Integer.parseInt(app("select auspex.tenant_create('" + slug + "', '" + slug + "')")
                    .get(0));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> app(String sql) throws SQLException {
        return asTenant(0, sql);
    }

    /** One transaction of the application role; tenant 0 is none. */
    private static List<String> asTenant(int tenant, String sql) throws SQLException {
        try (Connection connection =
                        POSTGRES.dataSource(DATABASE, TestPostgres.APP).getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select set_config('app.tenant_id', '" + (tenant == 0 ? "" : tenant) + "', true)");
            List<String> rows = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet result = statement.getResultSet()) {
                    while (result.next()) {
                        rows.add(result.getString(1));
                    }
                }
            }
            connection.commit();
            return rows;
        }
    }
}
