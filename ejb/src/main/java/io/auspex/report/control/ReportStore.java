package io.auspex.report.control;

import io.auspex.report.HealthRow;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables {@code report_run}, what a run has rendered, and {@code report_row}, what it has measured. */
@ApplicationScoped
public class ReportStore {
    /** Name of the one report there is. */
    public static final String REPORT = "service-health";

    @Inject
    TenantJdbc jdbc;

    /** What a run has rendered. */
    public record Rendered(String csv, String html, String sha256) {}

    /** Stores rows. Safe to repeat: a row is keyed by what it measures. */
    public void add(TenantId tenant, long run, List<HealthRow> rows) {
        jdbc.run(tenant, connection -> insert(connection, tenant, run, rows));
    }

    private static void insert(Connection connection, TenantId tenant, long run, List<HealthRow> rows)
            throws SQLException {
        String sql = "insert into auspex.report_row values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " on conflict (tenant_id, run_id, entity, measure) do update set unit = excluded.unit,"
                + " mean = excluded.mean, p95 = excluded.p95, worst = excluded.worst, samples = excluded.samples";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (HealthRow row : rows) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, run);
                statement.setString(3, row.entity());
                statement.setString(4, row.measure());
                statement.setString(5, row.unit());
                number(statement, 6, row.mean());
                number(statement, 7, row.p95());
                number(statement, 8, row.worst());
                statement.setLong(9, row.samples());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    public List<HealthRow> rows(TenantId tenant, long run) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select * from auspex.report_row where tenant_id = ? and run_id = ? order by measure, entity")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, run);
                List<HealthRow> rows = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        rows.add(new HealthRow(
                                row.getString("entity"),
                                row.getString("measure"),
                                row.getString("unit"),
                                number(row, "mean"),
                                number(row, "p95"),
                                number(row, "worst"),
                                row.getLong("samples")));
                    }
                }
                return rows;
            }
        });
    }

    /** Anomalies of the tenant that began on a day. */
    public int anomalies(TenantId tenant, LocalDate day) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select count(*) from auspex.anomaly where tenant_id = ? and started_at >= ? and started_at < ?")) {
                statement.setInt(1, tenant.value());
                statement.setObject(2, day.atStartOfDay().atOffset(ZoneOffset.UTC));
                statement.setObject(3, day.plusDays(1).atStartOfDay().atOffset(ZoneOffset.UTC));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getInt(1);
                }
            }
        });
    }

    /** Keeps what a run has rendered; the last word counts. */
    public void render(TenantId tenant, long run, LocalDate day, Rendered rendered) {
        jdbc.run(tenant, connection -> {
            String sql = "insert into auspex.report_run (tenant_id, run_id, report, day, csv, html, sha256)"
                    + " values (?, ?, ?, ?, ?, ?, ?) on conflict (tenant_id, run_id) do update"
                    + " set csv = excluded.csv, html = excluded.html, sha256 = excluded.sha256";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, run);
                statement.setString(3, REPORT);
                statement.setObject(4, day);
                statement.setString(5, rendered.csv());
                statement.setString(6, rendered.html());
                statement.setString(7, rendered.sha256());
                statement.executeUpdate();
            }
        });
    }

    /** What a run has rendered, absent before it has. */
    public Optional<Rendered> rendered(TenantId tenant, long run) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select csv, html, sha256 from auspex.report_run where tenant_id = ? and run_id = ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, run);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Rendered(row.getString(1), row.getString(2), row.getString(3)))
                            : Optional.empty();
                }
            }
        });
    }

    private static void number(PreparedStatement statement, int index, double value) throws SQLException {
        if (Double.isFinite(value)) {
            statement.setDouble(index, value);
        } else {
            statement.setNull(index, Types.DOUBLE);
        }
    }

    private static double number(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? Double.NaN : value;
    }
}
