package io.auspex.anomaly.control;

import io.auspex.anomaly.DetectorRule;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code detector}. */
@ApplicationScoped
public class DetectorStore {
    /** Rules of one tenant: each fresh series is held against all of them. */
    public static final int MAX_RULES = 200;

    private static final String UNIQUE_VIOLATION = "23505";

    @Inject
    TenantJdbc jdbc;

    /** The rules that apply to a tenant's samples: its own, or the defaults when it has none. */
    public List<DetectorRule> effective(TenantId tenant) {
        List<DetectorRule> own = list(tenant, new PageRequest("", MAX_RULES));
        return own.isEmpty()
                ? DetectorRule.DEFAULTS
                : own.stream().filter(DetectorRule::enabled).toList();
    }

    /** By id, one more than the page's limit when there are more. */
    public List<DetectorRule> list(TenantId tenant, PageRequest page) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select * from auspex.detector where tenant_id = ? and detector_id > ? order by detector_id limit ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, page.after(0));
                statement.setInt(3, page.limit() + 1);
                return read(statement);
            }
        });
    }

    public Optional<DetectorRule> find(TenantId tenant, long id) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select * from auspex.detector where tenant_id = ? and detector_id = ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, id);
                return read(statement).stream().findFirst();
            }
        });
    }

    /** @throws AuspexException CONFLICT when the name is taken or the tenant has {@link #MAX_RULES} rules */
    public DetectorRule create(TenantId tenant, DetectorRule rule) {
        return jdbc.call(tenant, connection -> {
            String sql = "insert into auspex.detector (tenant_id, name, selector, method, threshold, enabled)"
                    + " select ?, ?, ?, ?, ?, ? where (select count(*) from auspex.detector where tenant_id = ?) < ?"
                    + " returning *";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenant.value());
                set(statement, 2, rule);
                statement.setInt(7, tenant.value());
                statement.setInt(8, MAX_RULES);
                return read(statement).stream()
                        .findFirst()
                        .orElseThrow(() ->
                                new AuspexException(Code.CONFLICT, "a tenant has at most " + MAX_RULES + " detectors"));
            } catch (SQLException e) {
                throw named(e, rule);
            }
        });
    }

    /**
     * The rule as it is now, absent when there is none with that id and version.
     *
     * @throws AuspexException CONFLICT when the name is taken
     */
    public Optional<DetectorRule> update(TenantId tenant, DetectorRule rule) {
        return jdbc.call(tenant, connection -> {
            String sql = "update auspex.detector set name = ?, selector = ?, method = ?, threshold = ?, enabled = ?,"
                    + " updated_at = now(), version = version + 1"
                    + " where tenant_id = ? and detector_id = ? and version = ? returning *";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                set(statement, 1, rule);
                statement.setInt(6, tenant.value());
                statement.setLong(7, rule.id());
                statement.setInt(8, rule.version());
                return read(statement).stream().findFirst();
            } catch (SQLException e) {
                throw named(e, rule);
            }
        });
    }

    public boolean delete(TenantId tenant, long id) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "delete from auspex.detector where tenant_id = ? and detector_id = ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, id);
                return statement.executeUpdate() == 1;
            }
        });
    }

    private static RuntimeException named(SQLException e, DetectorRule rule) {
        return UNIQUE_VIOLATION.equals(e.getSQLState())
                ? new AuspexException(Code.CONFLICT, "there is a detector named " + rule.name() + " already", e)
                : TenantJdbc.translate(e);
    }

    private static void set(PreparedStatement statement, int first, DetectorRule rule) throws SQLException {
        statement.setString(first, rule.name());
        statement.setString(first + 1, rule.selector());
        statement.setString(first + 2, rule.method().wireName());
        statement.setDouble(first + 3, rule.threshold());
        statement.setBoolean(first + 4, rule.enabled());
    }

    private static List<DetectorRule> read(PreparedStatement statement) throws SQLException {
        List<DetectorRule> rules = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                rules.add(new DetectorRule(
                        row.getLong("detector_id"),
                        row.getString("name"),
                        row.getString("selector"),
                        DetectorRule.Method.find(row.getString("method")).orElseThrow(),
                        row.getDouble("threshold"),
                        row.getBoolean("enabled"),
                        row.getInt("version")));
            }
        }
        return rules;
    }
}
