package io.auspex.identity.control;

import io.auspex.identity.ApiKey;
import io.auspex.identity.Grants;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** API keys; holds their SHA-256 only. */
@ApplicationScoped
public class ApiKeyStore {
    /** How much of a key is shown in lists, so that its owner recognises it. */
    private static final int PREFIX_LENGTH = 12;

    @Inject
    TenantJdbc jdbc;

    public Optional<KeyState> find(byte[] hash) {
        return jdbc.callUnbound(connection -> {
            int tenant;
            int key;
            try (PreparedStatement statement =
                    connection.prepareStatement("select tenant_id, key_id from auspex.identity_api_key(?)")) {
                statement.setBytes(1, hash);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    tenant = row.getInt(1);
                    key = row.getInt(2);
                }
            }
            TenantJdbc.bind(connection, new TenantId(tenant));
            return state(connection, tenant, key);
        });
    }

    private static Optional<KeyState> state(Connection connection, int tenant, int key) throws SQLException {
        String sql =
                "select t.slug, k.name, k.revoked_at is null and u.enabled and t.status = 'ACTIVE', k.expires_at, k.scopes,"
                        + " array(select r.role from auspex.role_assignment r where r.tenant_id = k.tenant_id and r.user_id = k.created_by) as creator"
                        + " from auspex.api_key k join auspex.app_user u on u.tenant_id = k.tenant_id and u.user_id = k.created_by"
                        + " join auspex.tenant t on t.tenant_id = k.tenant_id where k.tenant_id = ? and k.key_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenant);
            statement.setInt(2, key);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(new KeyState(
                        new TenantId(tenant),
                        row.getString(1),
                        key,
                        row.getString(2),
                        row.getBoolean(3),
                        Rows.instant(row, "expires_at"),
                        scopes(UserState.strings(row.getArray("scopes"))),
                        Grants.roles(UserState.strings(row.getArray("creator")))));
            }
        }
    }

    /** Notes the use of a key, at most once a minute and key. */
    public void used(TenantId tenant, int keyId, Instant now) {
        jdbc.run(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "update auspex.api_key set last_used_at = ? where tenant_id = ? and key_id = ?"
                            + " and coalesce(last_used_at, '-infinity') < ?::timestamptz - interval '1 minute'")) {
                statement.setObject(1, Rows.timestamp(now));
                statement.setInt(2, tenant.value());
                statement.setInt(3, keyId);
                statement.setObject(4, Rows.timestamp(now));
                statement.executeUpdate();
            }
        });
    }

    public ApiKey create(
            TenantId tenant,
            int creator,
            String name,
            Collection<Scope> scopes,
            Optional<Instant> expiresAt,
            String key) {
        return jdbc.call(tenant, connection -> {
            int id = insert(connection, tenant, creator, name, scopes, expiresAt, key);
            return list(connection, tenant, id - 1L, 1).get(0);
        });
    }

    static int insert(
            Connection connection,
            TenantId tenant,
            int creator,
            String name,
            Collection<Scope> scopes,
            Optional<Instant> expiresAt,
            String key)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "insert into auspex.api_key (tenant_id, name, prefix, key_hash, scopes, created_by, expires_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?) returning key_id")) {
            statement.setInt(1, tenant.value());
            statement.setString(2, name);
            statement.setString(3, key.substring(0, Math.min(PREFIX_LENGTH, key.length() / 2)));
            statement.setBytes(4, Secrets.sha256(key));
            statement.setArray(
                    5,
                    connection.createArrayOf(
                            "text", scopes.stream().map(Scope::wireName).toArray()));
            statement.setInt(6, creator);
            statement.setObject(7, Rows.timestamp(expiresAt.orElse(null)));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    public List<ApiKey> list(TenantId tenant, PageRequest page) {
        return jdbc.call(tenant, connection -> list(connection, tenant, page.after(0), page.limit() + 1));
    }

    private static List<ApiKey> list(Connection connection, TenantId tenant, long after, int limit)
            throws SQLException {
        String sql =
                "select k.key_id, k.name, k.prefix, k.scopes, u.login, k.created_at, k.expires_at, k.last_used_at, k.revoked_at"
                        + " from auspex.api_key k join auspex.app_user u on u.tenant_id = k.tenant_id and u.user_id = k.created_by"
                        + " where k.tenant_id = ? and k.key_id > ? order by k.key_id limit ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenant.value());
            statement.setLong(2, after);
            statement.setInt(3, limit);
            List<ApiKey> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new ApiKey(
                            row.getInt("key_id"),
                            row.getString("name"),
                            row.getString("prefix"),
                            scopes(UserState.strings(row.getArray("scopes"))),
                            row.getString("login"),
                            Rows.instant(row, "created_at").orElseThrow(),
                            Rows.instant(row, "expires_at"),
                            Rows.instant(row, "last_used_at"),
                            Rows.instant(row, "revoked_at")));
                }
            }
            return rows;
        }
    }

    /** Whether there was such a key; revoking twice changes nothing. */
    public boolean revoke(TenantId tenant, int keyId, Instant now) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "update auspex.api_key set revoked_at = coalesce(revoked_at, ?) where tenant_id = ? and key_id = ?")) {
                statement.setObject(1, Rows.timestamp(now));
                statement.setInt(2, tenant.value());
                statement.setInt(3, keyId);
                return statement.executeUpdate() == 1;
            }
        });
    }

    private static Set<Scope> scopes(Set<String> names) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        names.forEach(name -> Scope.find(name).ifPresent(scopes::add));
        return scopes;
    }
}
