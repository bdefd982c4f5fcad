package io.auspex.models.control;

import io.auspex.models.TrainedModel;
import io.auspex.series.ErasedSeries;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** The table {@code model_versions}. */
@ApplicationScoped
public class ModelStore {
    /** What of a series' text is in the name of its model however long it is. */
    private static final int LEAST_NAME = 450;

    @Inject
    TenantJdbc jdbc;

    /** Stores models with their next versions, status TRAINED. Safe to repeat: a run makes one version of a model. */
    public void add(TenantId tenant, long run, List<TrainedModel> models, String code, Instant now) {
        jdbc.run(tenant, connection -> {
            for (TrainedModel model : models) {
                insert(connection, tenant, run, model, code, now);
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

    /** Models are named by the series that they were trained on; a long name is cut. */
    void erase(@Observes ErasedSeries erased) {
        if (erased.series().isEmpty()) {
            return;
        }
        jdbc.run(erased.tenant(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement("delete from auspex.model_versions m using"
                    + " unnest(?::text[]) as u (series) where strpos(m.model, left(u.series, ?)) > 0")) {
                statement.setArray(
                        1,
                        connection.createArrayOf(
                                "text",
                                erased.series().stream()
                                        .map(series -> "/" + series)
                                        .toArray()));
                statement.setInt(2, LEAST_NAME);
                statement.executeUpdate();
            }
        });
    }

    /** How many models a run has made. */
    public int count(TenantId tenant, long run) {
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
}
