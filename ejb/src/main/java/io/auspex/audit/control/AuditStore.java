package io.auspex.audit.control;

import io.auspex.audit.AuditChain;
import io.auspex.audit.AuditEntry;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Reads the trail; it is written by triggers and by {@link TenantJdbc#audit}. */
@ApplicationScoped
public class AuditStore {
    private static final int FETCH = 1_000;
    private static final String SELECT =
            "select tenant_id, seq, at, actor, action, object_type, object_id, change::text as change, correlation, reason, hash"
                    + " from auspex.audit_log where tenant_id = ?";

    @Inject
    TenantJdbc jdbc;

    /** Entries before {@code before}, newest first. */
    public List<AuditEntry> list(TenantId tenant, long before, int limit) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + " and seq < ? order by seq desc limit ?")) {
                select.setInt(1, tenant.value());
                select.setLong(2, before);
                select.setInt(3, limit);
                List<AuditEntry> entries = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        entries.add(read(row));
                    }
                }
                return entries;
            }
        });
    }

    /** Reads the whole trail up to the entry that is the newest now, without holding it in memory. */
    public AuditChain verify(TenantId tenant) {
        return jdbc.call(tenant, connection -> {
            AuditChain chain = new AuditChain();
            long headSequence = 0;
            byte[] headHash = new byte[0];
            try (PreparedStatement head =
                    connection.prepareStatement("select seq, hash from auspex.audit_head where tenant_id = ?")) {
                head.setInt(1, tenant.value());
                try (ResultSet row = head.executeQuery()) {
                    if (row.next()) {
                        headSequence = row.getLong(1);
                        headHash = row.getBytes(2);
                    }
                }
            }
            read(connection, tenant, headSequence, chain);
            chain.end(headSequence, headHash);
            return chain;
        });
    }

    private static void read(Connection connection, TenantId tenant, long upTo, AuditChain chain) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + " and seq <= ? order by seq")) {
            select.setInt(1, tenant.value());
            select.setLong(2, upTo);
            select.setFetchSize(FETCH);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    chain.next(read(row), row.getBytes("hash"));
                }
            }
        }
    }

    private static AuditEntry read(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getInt("tenant_id"),
                row.getLong("seq"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getString("action"),
                row.getString("object_type"),
                row.getString("object_id"),
                row.getString("change"),
                row.getString("correlation"),
                row.getString("reason"));
    }
}
