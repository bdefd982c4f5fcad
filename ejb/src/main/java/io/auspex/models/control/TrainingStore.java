package io.auspex.models.control;

import io.auspex.cluster.JobRun;
import io.auspex.models.TrainedModel;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables {@code training_run} and {@code model_versions}. */
@ApplicationScoped
public class TrainingStore {
    @Inject
    TenantJdbc jdbc;

    /** A new run, for which nothing has been started yet. */
    public long create(TenantId tenant, String modelType, String requestedBy, Instant now) {
        return jdbc.call(tenant, connection -> {
            String sql = "insert into auspex.training_run (tenant_id, model_type, status, requested_by, created_at)"
                    + " values (?, ?, 'STARTING', ?, ?) returning run_id";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenant.value());
                statement.setString(2, modelType);
                statement.setString(3, requestedBy);
                statement.setObject(4, now.atOffset(ZoneOffset.UTC));
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
                "update auspex.training_run set execution_id = " + execution
                        + ", ended_at = null, message = '' where tenant_id = ? and run_id = ?",
                run);
    }

    /** The run's partition is at work and knows how much there is to do. */
    public void running(TenantId tenant, long run, int total) {
        update(
                tenant,
                "update auspex.training_run set status = 'RUNNING', total = " + total
                        + " where tenant_id = ? and run_id = ?",
                run);
    }

    /** Ends a run: a running one that did everything is complete, else it is what the job came to. */
    public void ended(TenantId tenant, long run, JobRun.Status otherwise, String message, Instant now) {
        jdbc.run(tenant, connection -> {
            String sql = "update auspex.training_run set"
                    + " status = case when status = 'RUNNING' and processed >= total then 'COMPLETED' else ? end,"
                    + " message = case when status = 'RUNNING' and processed >= total then '' else ? end, ended_at = ?"
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

    /** Makes a run that ended ready to go on where it stopped. */
    public void reopen(TenantId tenant, long run) {
        update(tenant, "update auspex.training_run set status = 'STARTING' where tenant_id = ? and run_id = ?", run);
    }

    /**
     * Stores models with their next versions, status TRAINED, and counts what was done, in one transaction. Safe to
     * repeat: a run makes one version of a model.
     */
    public void add(TenantId tenant, long run, List<TrainedModel> models, int processed, String code, Instant now) {
        jdbc.run(tenant, connection -> {
            for (TrainedModel model : models) {
                insert(connection, tenant, run, model, code, now);
            }
            try (PreparedStatement statement = connection.prepareStatement(
                    "update auspex.training_run set processed = ? where tenant_id = ? and run_id = ?")) {
                statement.setInt(1, processed);
                statement.setInt(2, tenant.value());
                statement.setLong(3, run);
                statement.executeUpdate();
            }
        });
    }

    private static void insert(
            Connection connection, TenantId tenant, long run, TrainedModel model, String code, Instant now)
            throws SQLException {
        String sql = "insert into auspex.model_versions (tenant_id, model, version, run_id, artefact, sha256,"
                + " code_version, provenance, metrics, data_from, data_to, created_at)"
                + " select ?, ?, coalesce(max(version), 0) + 1, ?, ?, ?, ?, ?::json, ?::json, ?, ?, ?"
                + " from auspex.model_versions where tenant_id = ? and model = ?"
                + " on conflict (tenant_id, model, run_id) do nothing";
        JsonObjectBuilder metrics = Json.createObjectBuilder();
        model.metrics().forEach(metrics::add);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenant.value());
            statement.setString(2, model.name());
            statement.setLong(3, run);
            statement.setBytes(4, model.artefact());
            statement.setString(5, model.sha256());
            statement.setString(6, code);
            statement.setString(
                    7,
                    Json.createObjectBuilder()
                            .add("tribuo", model.provenance())
                            .build()
                            .toString());
            statement.setString(8, metrics.build().toString());
            statement.setObject(9, model.dataFrom().atOffset(ZoneOffset.UTC));
            statement.setObject(10, model.dataTo().atOffset(ZoneOffset.UTC));
            statement.setObject(11, now.atOffset(ZoneOffset.UTC));
            statement.setInt(12, tenant.value());
            statement.setString(13, model.name());
            statement.executeUpdate();
        }
    }

    /** How many models a run has made. */
    public int models(TenantId tenant, long run) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select count(*) from auspex.model_versions where tenant_id = ? and run_id = ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, run);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getInt(1);
                }
            }
        });
    }

    /** The latest runs first, one more than the page's limit when there are more. */
    public List<JobRun> list(TenantId tenant, PageRequest page) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select * from auspex.training_run where tenant_id = ? and run_id < ? order by run_id desc limit ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, page.after(Long.MAX_VALUE));
                statement.setInt(3, page.limit() + 1);
                return read(statement);
            }
        });
    }

    public Optional<JobRun> find(TenantId tenant, long run) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select * from auspex.training_run where tenant_id = ? and run_id = ?")) {
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
                        row.getString("model_type"),
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
}
