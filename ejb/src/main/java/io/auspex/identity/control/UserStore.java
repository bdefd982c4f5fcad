package io.auspex.identity.control;

import io.auspex.identity.Grants;
import io.auspex.identity.User;
import io.auspex.identity.UserDetails;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The users of a tenant, as its administrators see and change them. */
@ApplicationScoped
public class UserStore {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String SELECT =
            "select u.user_id, u.login, u.display_name, coalesce(u.email, '') as email, u.enabled, u.must_change_password,"
                    + " u.created_at, u.last_login_at, u.version,"
                    + " array(select r.role from auspex.role_assignment r where r.tenant_id = u.tenant_id and r.user_id = u.user_id) as roles"
                    + " from auspex.app_user u where u.tenant_id = ?";

    @Inject
    TenantJdbc jdbc;

    public List<User> list(TenantId tenant, PageRequest page) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + " and u.user_id > ? order by u.user_id limit ?")) {
                select.setInt(1, tenant.value());
                select.setLong(2, page.after(0));
                select.setInt(3, page.limit() + 1);
                List<User> users = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        users.add(read(row));
                    }
                }
                return users;
            }
        });
    }

    public Optional<User> find(TenantId tenant, int id) {
        return jdbc.call(tenant, connection -> find(connection, tenant, id));
    }

    private static Optional<User> find(Connection connection, TenantId tenant, int id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + " and u.user_id = ?")) {
            select.setInt(1, tenant.value());
            select.setInt(2, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** @throws AuspexException CONFLICT when the login is taken */
    public User create(TenantId tenant, String login, UserDetails details, String passwordHash, boolean mustChange) {
        return jdbc.call(tenant, connection -> {
            try {
                int id = insert(connection, tenant, login, details, passwordHash, mustChange);
                return find(connection, tenant, id).orElseThrow();
            } catch (SQLException e) {
                if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                    throw new AuspexException(Code.CONFLICT, "there is a user " + login + " already", e);
                }
                throw e;
            }
        });
    }

    static int insert(
            Connection connection,
            TenantId tenant,
            String login,
            UserDetails details,
            String passwordHash,
            boolean mustChange)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into auspex.app_user (tenant_id, login, display_name, email, password_hash, must_change_password, enabled)"
                        + " values (?, ?, ?, nullif(?, ''), ?, ?, ?) returning user_id")) {
            insert.setInt(1, tenant.value());
            insert.setString(2, login);
            insert.setString(3, details.displayName());
            insert.setString(4, details.email());
            insert.setString(5, passwordHash);
            insert.setBoolean(6, mustChange);
            insert.setBoolean(7, details.enabled());
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                int id = row.getInt(1);
                assign(connection, tenant, id, details.roles());
                return id;
            }
        }
    }

    /**
     * The user as it is now; empty when {@code version} is not its version (any more). A change of roles or of
     * {@code enabled} ends the user's sessions.
     */
    public Optional<User> update(TenantId tenant, User before, UserDetails details, int version) {
        boolean rights =
                before.enabled() != details.enabled() || !before.roles().equals(details.roles());
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update auspex.app_user set display_name = ?, email = nullif(?, ''), enabled = ?, version = version + 1,"
                            + " credential_version = credential_version + ? where tenant_id = ? and user_id = ? and version = ?")) {
                update.setString(1, details.displayName());
                update.setString(2, details.email());
                update.setBoolean(3, details.enabled());
                update.setInt(4, rights ? 1 : 0);
                update.setInt(5, tenant.value());
                update.setInt(6, before.id());
                update.setInt(7, version);
                if (update.executeUpdate() == 0) {
                    return Optional.empty();
                }
            }
            if (rights) {
                assign(connection, tenant, before.id(), details.roles());
                TokenSessions.revokeAll(connection, tenant, before.id());
            }
            return find(connection, tenant, before.id());
        });
    }

    private static void assign(Connection connection, TenantId tenant, int user, Set<Role> roles) throws SQLException {
        Object[] names = roles.stream().map(Role::wireName).toArray();
        try (PreparedStatement delete = connection.prepareStatement(
                "delete from auspex.role_assignment where tenant_id = ? and user_id = ? and role <> all (?)")) {
            delete.setInt(1, tenant.value());
            delete.setInt(2, user);
            delete.setArray(3, connection.createArrayOf("text", names));
            delete.executeUpdate();
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into auspex.role_assignment (tenant_id, user_id, role) select ?, ?, unnest(?) on conflict do nothing")) {
            insert.setInt(1, tenant.value());
            insert.setInt(2, user);
            insert.setArray(3, connection.createArrayOf("text", names));
            insert.executeUpdate();
        }
    }

    private static User read(ResultSet row) throws SQLException {
        return new User(
                row.getInt("user_id"),
                row.getString("login"),
                row.getString("display_name"),
                row.getString("email"),
                row.getBoolean("enabled"),
                row.getBoolean("must_change_password"),
                Grants.roles(UserState.strings(row.getArray("roles"))),
                Rows.instant(row, "created_at").orElseThrow(),
                Rows.instant(row, "last_login_at"),
                row.getInt("version"));
    }
}
