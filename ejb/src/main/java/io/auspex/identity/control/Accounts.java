package io.auspex.identity.control;

import io.auspex.identity.Lockout;
import io.auspex.identity.SignInName;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What signing in reads and writes of users. */
@ApplicationScoped
public class Accounts {
    @Inject
    TenantJdbc jdbc;

    /** A user with what is needed to check a password. */
    public record Account(UserState state, String passwordHash, Optional<Instant> lockedUntil) {}

    /** The tenant behind a slug, whatever its status. */
    public Optional<TenantId> tenant(String slug) {
        return jdbc.callUnbound(connection -> tenant(connection, slug));
    }

    static Optional<TenantId> tenant(Connection connection, String slug) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select auspex.tenant_by_slug(?)")) {
            statement.setString(1, slug);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                int id = row.getInt(1);
                return row.wasNull() ? Optional.empty() : Optional.of(new TenantId(id));
            }
        }
    }

    public Optional<Account> find(SignInName name) {
        return jdbc.callUnbound(connection -> {
            Optional<TenantId> tenant = tenant(connection, name.tenant());
            if (tenant.isEmpty()) {
                return Optional.empty();
            }
            TenantJdbc.bind(connection, tenant.get());
            String sql = "select u.password_hash, u.locked_until, " + UserState.COLUMNS + UserState.FROM
                    + " where u.tenant_id = ? and u.login = ?";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenant.get().value());
                statement.setString(2, name.login());
                return account(statement);
            }
        });
    }

    public Optional<Account> find(TenantId tenant, int userId) {
        return jdbc.call(tenant, connection -> {
            String sql = "select u.password_hash, u.locked_until, " + UserState.COLUMNS + UserState.FROM
                    + " where u.tenant_id = ? and u.user_id = ?";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenant.value());
                statement.setInt(2, userId);
                return account(statement);
            }
        });
    }

    private static Optional<Account> account(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(new Account(
                            UserState.read(row), row.getString("password_hash"), Rows.instant(row, "locked_until")))
                    : Optional.empty();
        }
    }

    public Optional<UserState> state(TenantId tenant, int userId) {
        return find(tenant, userId).map(Account::state);
    }

    public void failed(UserState user, Lockout lockout, Instant now) {
        jdbc.run(user.tenant(), connection -> {
            Lockout.Outcome outcome;
            try (PreparedStatement statement = connection.prepareStatement(
                    "select failed_at from auspex.app_user where tenant_id = ? and user_id = ? for update")) {
                statement.setInt(1, user.tenant().value());
                statement.setInt(2, user.userId());
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        return;
                    }
                    outcome = lockout.afterFailure(Rows.instants(row, "failed_at"), now);
                }
            }
            try (PreparedStatement statement = connection.prepareStatement(
                    "update auspex.app_user set failed_at = ?, locked_until = ? where tenant_id = ? and user_id = ?")) {
                statement.setArray(1, Rows.array(connection, outcome.failedAt()));
                statement.setObject(2, Rows.timestamp(outcome.lockedUntil().orElse(null)));
                statement.setInt(3, user.tenant().value());
                statement.setInt(4, user.userId());
                statement.executeUpdate();
            }
            TenantJdbc.audit(connection, "sign-in-refused", "user", Integer.toString(user.userId()));
        });
    }

    /** @param newHash replaces an outdated one, null keeps what there is */
    public void succeeded(UserState user, @Nullable String newHash, Instant now) {
        jdbc.run(user.tenant(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "update auspex.app_user set failed_at = '{}', locked_until = null, last_login_at = ?,"
                            + " password_hash = coalesce(?, password_hash) where tenant_id = ? and user_id = ?")) {
                statement.setObject(1, Rows.timestamp(now));
                statement.setString(2, newHash);
                statement.setInt(3, user.tenant().value());
                statement.setInt(4, user.userId());
                statement.executeUpdate();
            }
            TenantJdbc.audit(connection, "sign-in", "user", Integer.toString(user.userId()));
        });
    }

    /** Ends all sessions of the user with the change. */
    public void setPassword(TenantId tenant, int userId, String hash, boolean mustChange) {
        jdbc.run(tenant, connection -> setPassword(connection, tenant, userId, hash, mustChange));
    }

    static void setPassword(Connection connection, TenantId tenant, int userId, String hash, boolean mustChange)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "update auspex.app_user set password_hash = ?, must_change_password = ?, failed_at = '{}', locked_until = null,"
                        + " credential_version = credential_version + 1, version = version + 1 where tenant_id = ? and user_id = ?")) {
            statement.setString(1, hash);
            statement.setBoolean(2, mustChange);
            statement.setInt(3, tenant.value());
            statement.setInt(4, userId);
            statement.executeUpdate();
        }
        TokenSessions.revokeAll(connection, tenant, userId);
    }
}
