package io.auspex.tenancy.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.tenancy.Tenant;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The registry of tenants. Asks across tenants only by the owner's narrow functions; who may ask is decided above. */
@ApplicationScoped
public class TenantStore {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String COLUMNS = "tenant_id, slug, name, status, created_at, version";

    @Inject
    TenantJdbc jdbc;

    /** Tenants by rising number, from after {@code after}. */
    public List<Tenant> list(long after, int limit) {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement select = connection.prepareStatement("select " + COLUMNS
                    + " from auspex.tenant_list() where tenant_id > ? order by tenant_id limit ?")) {
                select.setLong(1, after);
                select.setInt(2, limit);
                List<Tenant> tenants = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        tenants.add(read(row));
                    }
                }
                return tenants;
            }
        });
    }

    public Optional<Tenant> find(TenantId id) {
        return jdbc.call(id, connection -> find(connection, id));
    }

    private static Optional<Tenant> find(Connection connection, TenantId id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select " + COLUMNS + " from auspex.tenant where tenant_id = ?")) {
            select.setInt(1, id.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** Notes in a tenant's audit trail that somebody of another tenant acts in it. */
    public void entered(TenantId id) {
        jdbc.run(id, connection -> TenantJdbc.audit(connection, "enter", "tenant", id.toString()));
    }

    /** @throws AuspexException CONFLICT when the slug is taken */
    public Tenant create(String slug, String name) {
        return jdbc.callUnbound(connection -> {
            try {
                TenantId id = create(connection, slug, name);
                return find(connection, id).orElseThrow();
            } catch (SQLException e) {
                if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                    throw new AuspexException(Code.CONFLICT, "there is a tenant " + slug + " already", e);
                }
                throw e;
            }
        });
    }

    /** Creates a tenant and goes on as it in the connection's transaction. */
    public static TenantId create(Connection connection, String slug, String name) throws SQLException {
        TenantJdbc.identify(connection);
        try (PreparedStatement insert = connection.prepareStatement("select auspex.tenant_create(?, ?)")) {
            insert.setString(1, slug);
            insert.setString(2, name);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                TenantId id = new TenantId(row.getInt(1));
                TenantJdbc.bind(connection, id);
                return id;
            }
        }
    }

    /** The tenant as it is now; empty when {@code version} is not its version (any more). */
    public Optional<Tenant> rename(TenantId id, String name, int version) {
        return update(id, "name = ?", name, version);
    }

    public Optional<Tenant> setStatus(TenantId id, Tenant.Status status, int version) {
        return update(id, "status = ?", status.name(), version);
    }

    private Optional<Tenant> update(TenantId id, String assignment, String value, int version) {
        return jdbc.call(id, connection -> {
            try (PreparedStatement update = connection.prepareStatement("update auspex.tenant set " + assignment
                    + ", version = version + 1 where tenant_id = ? and version = ?")) {
                update.setString(1, value);
                update.setInt(2, id.value());
                update.setInt(3, version);
                return update.executeUpdate() == 1 ? find(connection, id) : Optional.empty();
            }
        });
    }

    private static Tenant read(ResultSet row) throws SQLException {
        return new Tenant(
                new TenantId(row.getInt("tenant_id")),
                row.getString("slug"),
                row.getString("name"),
                Tenant.Status.valueOf(row.getString("status")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("version"));
    }
}
