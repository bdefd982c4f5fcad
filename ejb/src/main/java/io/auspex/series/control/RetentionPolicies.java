package io.auspex.series.control;

import io.auspex.series.RetentionPolicy;
import io.auspex.series.Tier;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The table {@code retention_policy}: for how long each tenant keeps what. */
@ApplicationScoped
public class RetentionPolicies {
    @Inject
    TenantJdbc jdbc;

    @Inject
    @ConfigProperty(name = "auspex.storage.retention-days", defaultValue = "15")
    int rawDays;

    /** The policy that holds: the tenant's own, or the default. */
    public RetentionPolicy of(TenantId tenant) {
        return jdbc.call(tenant, connection -> read(connection, ""));
    }

    /** Days for which a tier is kept where a tenant has said nothing. */
    int defaultDays(Tier tier) {
        return tier.isRaw() ? rawDays : tier.defaultDays();
    }

    private RetentionPolicy read(Connection connection, String lock) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select class, metrics, days_raw, days_1m, days_5m,"
                        + " days_1h, days_1d, version from auspex.retention_policy order by position" + lock);
                ResultSet row = select.executeQuery()) {
            List<RetentionPolicy.MetricClass> classes = new ArrayList<>();
            int version = 0;
            while (row.next()) {
                Map<Tier, Integer> days = new EnumMap<>(Tier.class);
                for (Tier tier : Tier.values()) {
                    days.put(tier, row.getInt("days_" + tier.label()));
                }
                classes.add(new RetentionPolicy.MetricClass(row.getString(1), row.getString(2), days));
                version = row.getInt("version");
            }
            return classes.isEmpty() ? RetentionPolicy.defaults(rawDays) : new RetentionPolicy(classes, version);
        }
    }

    /** Replaces the policy of the version that is given; empty when somebody else has changed it since. */
    public Optional<RetentionPolicy> save(TenantId tenant, RetentionPolicy policy) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement lock = connection.prepareStatement("select pg_advisory_xact_lock(1869968494, ?)")) {
                lock.setInt(1, tenant.value()); // two who set the first policy have no row to wait for each other at
                lock.execute();
            }
            if (read(connection, " for update").version() != policy.version()) {
                return Optional.empty();
            }
            try (PreparedStatement delete = connection.prepareStatement("delete from auspex.retention_policy")) {
                delete.executeUpdate();
            }
            RetentionPolicy next = new RetentionPolicy(policy.classes(), policy.version() + 1);
            insert(connection, tenant, next);
            return Optional.of(next);
        });
    }

    private static void insert(Connection connection, TenantId tenant, RetentionPolicy policy) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into auspex.retention_policy (tenant_id,"
                + " class, position, metrics, version, days_raw, days_1m, days_5m, days_1h, days_1d)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            int position = 0;
            for (RetentionPolicy.MetricClass metricClass : policy.classes()) {
                insert.setInt(1, tenant.value());
                insert.setString(2, metricClass.name());
                insert.setInt(3, position++);
                insert.setString(4, metricClass.metrics());
                insert.setInt(5, policy.version());
                int at = 6;
                for (Tier tier : Tier.values()) {
                    insert.setInt(at++, metricClass.days(tier));
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
