package io.auspex.ingest.control;

import io.auspex.platform.AuspexException;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** For which tenants a node scrapes: each tenant's targets are one node's, by a lease of the database's clock. */
@ApplicationScoped
public class ScrapeLeases {
    @Inject
    TenantJdbc jdbc;

    /**
     * Takes up what is free, and keeps what the holder has.
     *
     * @return the tenants that are the holder's now, with their slugs
     * @throws AuspexException UNAVAILABLE when PostgreSQL is not there
     */
    Map<TenantId, String> claim(UUID holder, Duration lease) {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement claim = connection.prepareStatement(
                    "select tenant_id, slug from auspex.scrape_claim(?, ? * interval '1 millisecond')")) {
                claim.setObject(1, holder);
                claim.setLong(2, lease.toMillis());
                Map<TenantId, String> held = new HashMap<>();
                try (ResultSet row = claim.executeQuery()) {
                    while (row.next()) {
                        held.put(new TenantId(row.getInt(1)), row.getString(2));
                    }
                }
                return held;
            }
        });
    }

    /** Gives everything up, so that another node need not wait. */
    void release(UUID holder) {
        jdbc.callUnbound(connection -> {
            try (PreparedStatement release = connection.prepareStatement("select auspex.scrape_release(?)")) {
                release.setObject(1, holder);
                return release.execute();
            }
        });
    }

    /** Tells the other nodes how scraping goes. */
    void report(TenantId tenant, UUID holder, String json) {
        jdbc.run(tenant, connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update auspex.scrape_lease set report = ? where tenant_id = ? and holder = ?")) {
                update.setString(1, json);
                update.setInt(2, tenant.value());
                update.setObject(3, holder);
                update.executeUpdate();
            }
        });
    }

    /** What the node that scrapes for a tenant last said; empty when none does. */
    String report(TenantId tenant) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "select report from auspex.scrape_lease where tenant_id = ? and lease_until > clock_timestamp()")) {
                select.setInt(1, tenant.value());
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? row.getString(1) : "";
                }
            }
        });
    }
}
