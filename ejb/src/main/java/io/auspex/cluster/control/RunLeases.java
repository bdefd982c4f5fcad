package io.auspex.cluster.control;

import io.auspex.cluster.JobRun;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Who works on which run, across tenants: a node takes up queued runs for a time, and says again and again that it is
 * still at them. Times are the database's, so that clocks of nodes need not agree.
 */
@ApplicationScoped
public class RunLeases {
    @Inject
    TenantJdbc jdbc;

    /**
     * A run that is now this node's.
     *
     * @param executionId the execution to go on with, absent when it never began
     */
    public record Claim(
            TenantId tenant, long run, String job, Map<String, String> parameters, Optional<Long> executionId) {}

    /** A run whose node went away. */
    public record GivenUp(String job, Optional<Long> executionId) {}

    /** Takes up queued runs: what people asked for first, then the timer's, the oldest first. */
    public List<Claim> claim(UUID holder, int most, Duration lease) {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("select * from auspex.job_run_claim(?, ?, make_interval(secs => ?))")) {
                statement.setObject(1, holder);
                statement.setInt(2, most);
                statement.setDouble(3, seconds(lease));
                List<Claim> claims = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        claims.add(new Claim(
                                new TenantId(row.getInt("tenant_id")),
                                row.getLong("run_id"),
                                row.getString("job"),
                                parameters(row.getString("parameters")),
                                execution(row)));
                    }
                }
                return claims;
            }
        });
    }

    /** Keeps runs for another time; gives those that are still the holder's with their status, RUNNING or STOPPING. */
    public Map<Long, JobRun.Status> keep(UUID holder, Collection<Long> runs, Duration lease) {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("select * from auspex.job_run_keep(?, ?, make_interval(secs => ?))")) {
                statement.setObject(1, holder);
                statement.setArray(2, connection.createArrayOf("bigint", runs.toArray()));
                statement.setDouble(3, seconds(lease));
                Map<Long, JobRun.Status> kept = new HashMap<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        kept.put(row.getLong(1), JobRun.Status.valueOf(row.getString(2)));
                    }
                }
                return kept;
            }
        });
    }

    /** Fails the runs of nodes that went away. */
    public List<GivenUp> giveUpLost() {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select * from auspex.job_run_give_up()");
                    ResultSet row = statement.executeQuery()) {
                List<GivenUp> lost = new ArrayList<>();
                while (row.next()) {
                    lost.add(new GivenUp(row.getString("job"), execution(row)));
                }
                return lost;
            }
        });
    }

    private static Optional<Long> execution(ResultSet row) throws SQLException {
        long execution = row.getLong("execution_id");
        return row.wasNull() ? Optional.empty() : Optional.of(execution);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private static Map<String, String> parameters(String json) {
        Map<String, String> parameters = new HashMap<>();
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            reader.readObject()
                    .forEach((name, value) -> parameters.put(
                            name, value instanceof JsonString text ? text.getString() : value.toString()));
        }
        return parameters;
    }
}
