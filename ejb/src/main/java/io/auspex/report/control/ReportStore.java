package io.auspex.report.control;

import io.auspex.cluster.JobRun;
import io.auspex.platform.PageRequest;
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
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables {@code report_run} and {@code report_row}. */
@ApplicationScoped
public class ReportStore {
    private static final String REPORT = "service-health";

    @Inject
    TenantJdbc jdbc;

    /** What a run has rendered. */
    public record Rendered(String csv, String html, String sha256) {}

    public long create(TenantId tenant, LocalDate day, String requestedBy, Instant now) {
        return jdbc.call(tenant, connection -> {
            String sql = "insert into auspex.report_run (tenant_id, report, day, status, requested_by, created_at)"
                    + " values (?, ?, ?, 'STARTING', ?, ?) returning run_id";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenant.value());
                statement.setString(2, REPORT);
                statement.setObject(3, day);
                statement.setString(4, requestedBy);
                statement.setObject(5, now.atOffset(ZoneOffset.UTC));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    public void started(TenantId tenant, long run, long execution) {
        update(
                tenant,
                "update auspex.report_run set execution_id = " + execution
                        + ", ended_at = null, message = '' where tenant_id = ? and run_id = ?",
                run);
    }

    public void running(TenantId tenant, long run, int total) {
        update(
                tenant,
                "update auspex.report_run set status = 'RUNNING', total = " + total
                        + " where tenant_id = ? and run_id = ?",
                run);
    }

    public void reopen(TenantId tenant, long run) {
        update(tenant, "update auspex.report_run set status = 'STARTING' where tenant_id = ? and run_id = ?", run);
    }

    /** Ends a run: one that has rendered its report is complete, else it is what the job came to. */
    public void ended(TenantId tenant, long run, JobRun.Status otherwise, String message, Instant now) {
        jdbc.run(tenant, connection -> {
            String sql = "update auspex.report_run set status = case when csv is not null then 'COMPLETED' else ? end,"
                    + " message = case when csv is not null then '' else ? end, ended_at = ?"
                    + " where tenant_id = ? and run_id = ? and status in ('STARTING', 'RUNNING')";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, otherwise.name());
                statement.setString(2, message);
                statement.setObject(3, now.atOffset(ZoneOffset.UTC));
                statement.setInt(4, tenant.value());
                statement.setLong(5, run);
                statement.executeUpdate();
            }
        });
    }

    /** Stores rows and counts what was done, in one transaction. Safe to repeat: a row is keyed by what it measures. */
    public void add(TenantId tenant, long run, List<HealthRow> rows, int processed) {
        jdbc.run(tenant, connection -> {
            insert(connection, tenant, run, rows);
            try (PreparedStatement statement = connection.prepareStatement(
                    "update auspex.report_run set processed = ? where tenant_id = ? and run_id = ?")) {
                statement.setInt(1, processed);
                statement.setInt(2, tenant.value());
                statement.setLong(3, run);
                statement.executeUpdate();
            }
        });
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

    public void render(TenantId tenant, long run, Rendered rendered) {
        jdbc.run(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "update auspex.report_run set csv = ?, html = ?, sha256 = ? where tenant_id = ? and run_id = ?")) {
                statement.setString(1, rendered.csv());
                statement.setString(2, rendered.html());
                statement.setString(3, rendered.sha256());
                statement.setInt(4, tenant.value());
                statement.setLong(5, run);
                statement.executeUpdate();
            }
        });
    }

    /** What a run has rendered, absent before it has. */
    public Optional<Rendered> rendered(TenantId tenant, long run) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select csv, html, sha256 from auspex.report_run where tenant_id = ? and run_id = ? and csv is not null")) {
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

    /** The latest runs first, one more than the page's limit when there are more. */
    public List<JobRun> list(TenantId tenant, PageRequest page) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select * from auspex.report_run where tenant_id = ? and run_id < ? order by run_id desc limit ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, page.after(Long.MAX_VALUE));
                statement.setInt(3, page.limit() + 1);
                return read(statement);
            }
        });
    }

    public Optional<JobRun> find(TenantId tenant, long run) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("select * from auspex.report_run where tenant_id = ? and run_id = ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, run);
                return read(statement).stream().findFirst();
            }
        });
    }

    private void update(TenantId tenant, String sql, long run) {
        jdbc.run(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, run);
                statement.executeUpdate();
            }
        });
    }

    private static List<JobRun> read(PreparedStatement statement) throws SQLException {
        List<JobRun> runs = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                long execution = row.getLong("execution_id");
                runs.add(new JobRun(
                        row.getLong("run_id"),
                        row.getString("report") + " " + row.getObject("day", LocalDate.class),
                        JobRun.Status.valueOf(row.getString("status")),
                        row.getString("requested_by"),
                        execution > 0 ? Optional.of(execution) : Optional.empty(),
                        row.getInt("total"),
                        row.getInt("processed"),
                        row.getString("message"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getObject("ended_at", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)));
            }
        }
        return runs;
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
