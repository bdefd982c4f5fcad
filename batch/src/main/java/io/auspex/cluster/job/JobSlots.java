package io.auspex.cluster.job;

import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Slots of timed jobs: timers fire on every node, one node takes the slot.
 *
 * <p>An advisory lock keeps nodes from waiting for each other, the unique row keeps the slot taken for ever.
 */
@ApplicationScoped
public class JobSlots {
    @Inject
    TenantJdbc jdbc;

    @Inject
    Clock clock;

    @Inject
    @ConfigProperty(name = "auspex.node")
    Optional<String> node;

    /** Whether this node is the first to take a slot. */
    public boolean take(String job, String slot) {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement lock =
                    connection.prepareStatement("select pg_try_advisory_xact_lock(hashtext(?), hashtext(?))")) {
                lock.setString(1, "job:" + job);
                lock.setString(2, slot);
                try (ResultSet row = lock.executeQuery()) {
                    row.next();
                    if (!row.getBoolean(1)) {
                        return false;
                    }
                }
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into auspex.job_slot (job, slot, node, taken_at) values (?, ?, ?, ?) on conflict do nothing")) {
                insert.setString(1, job);
                insert.setString(2, slot);
                insert.setString(3, node.orElse("single"));
                insert.setObject(4, clock.instant().atOffset(ZoneOffset.UTC));
                return insert.executeUpdate() == 1;
            }
        });
    }

    /** The tenants for which nightly jobs work. */
    public List<TenantId> activeTenants() {
        return jdbc.callUnbound(connection -> {
            List<TenantId> tenants = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "select tenant_id from auspex.tenant_list() where status = 'ACTIVE'")) {
                while (row.next()) {
                    tenants.add(new TenantId(row.getInt(1)));
                }
            }
            return tenants;
        });
    }
}
