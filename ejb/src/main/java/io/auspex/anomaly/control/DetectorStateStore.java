package io.auspex.anomaly.control;

import io.auspex.series.SeriesIdentity;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** The table {@code detector_state}: what streaming detectors have learned. */
@ApplicationScoped
public class DetectorStateStore {
    @Inject
    TenantJdbc jdbc;

    /** The state of one series' detector. */
    record State(SeriesIdentity series, byte[] bytes) {}

    Optional<byte[]> load(TenantId tenant, SeriesIdentity series) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select state from auspex.detector_state where tenant_id = ? and h1 = ? and h2 = ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, series.high());
                statement.setLong(3, series.low());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
                }
            }
        });
    }

    void save(TenantId tenant, List<State> states, Instant now) {
        String sql = "insert into auspex.detector_state (tenant_id, h1, h2, state, saved_at) values (?, ?, ?, ?, ?)"
                + " on conflict (tenant_id, h1, h2) do update set state = excluded.state, saved_at = excluded.saved_at";
        jdbc.run(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (State state : states) {
                    statement.setInt(1, tenant.value());
                    statement.setLong(2, state.series().high());
                    statement.setLong(3, state.series().low());
                    statement.setBytes(4, state.bytes());
                    statement.setObject(5, now.atOffset(ZoneOffset.UTC));
                    statement.addBatch();
                }
                statement.executeBatch();
            }
        });
    }

    /** Forgets states that nobody has saved for long. */
    int expire(TenantId tenant, Instant savedBefore) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "delete from auspex.detector_state where tenant_id = ? and saved_at < ?")) {
                statement.setInt(1, tenant.value());
                statement.setObject(2, savedBefore.atOffset(ZoneOffset.UTC));
                return statement.executeUpdate();
            }
        });
    }
}
