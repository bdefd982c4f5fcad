package io.auspex.identity.control;

import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sign-ins over the API, each carried on by a refresh token that changes at every use.
 *
 * <p>A refresh token that was used before means that somebody has a copy: the whole session ends.
 */
@ApplicationScoped
public class TokenSessions {
    static final Duration LIFETIME = Duration.ofDays(14);
    private static final Pattern TOKEN =
            Pattern.compile("auspexr_(\\d{1,9})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([A-Za-z0-9_-]{43})");

    @Inject
    TenantJdbc jdbc;

    /** @param refreshToken for the caller's eyes only; its tenant and session are legible, its secret is not kept */
    public record Session(UserState user, UUID id, String refreshToken) {}

    public Session begin(UserState user, Instant now) {
        UUID id = UUID.randomUUID();
        String secret = Secrets.random();
        jdbc.run(user.tenant(), connection -> {
            prune(connection, user, now);
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into auspex.token_session (tenant_id, session_id, user_id, refresh_hash, created_at, refreshed_at, expires_at)"
                            + " values (?, ?, ?, ?, ?, ?, ?)")) {
                insert.setInt(1, user.tenant().value());
                insert.setObject(2, id);
                insert.setInt(3, user.userId());
                insert.setBytes(4, Secrets.sha256(secret));
                insert.setObject(5, Rows.timestamp(now));
                insert.setObject(6, Rows.timestamp(now));
                insert.setObject(7, Rows.timestamp(now.plus(LIFETIME)));
                insert.executeUpdate();
            }
        });
        return new Session(user, id, token(user.tenant(), id, secret));
    }

    private static void prune(Connection connection, UserState user, Instant now) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "delete from auspex.token_session where tenant_id = ? and user_id = ? and expires_at < ?")) {
            delete.setInt(1, user.tenant().value());
            delete.setInt(2, user.userId());
            delete.setObject(3, Rows.timestamp(now));
            delete.executeUpdate();
        }
    }

    /** The session with its next refresh token, empty when the presented one is good for nothing (any more). */
    public Optional<Session> refresh(String presented, Instant now) {
        Matcher token = TOKEN.matcher(presented);
        if (!token.matches()) {
            return Optional.empty();
        }
        int tenantNumber = Integer.parseInt(token.group(1));
        if (tenantNumber == 0) {
            return Optional.empty();
        }
        TenantId tenant = new TenantId(tenantNumber);
        UUID id = UUID.fromString(token.group(2));
        return jdbc.call(tenant, connection -> rotate(connection, tenant, id, Secrets.sha256(token.group(3)), now));
    }

    private static Optional<Session> rotate(Connection connection, TenantId tenant, UUID id, byte[] hash, Instant now)
            throws SQLException {
        UserState user;
        boolean current;
        String sql = "select s.refresh_hash, " + UserState.COLUMNS + UserState.FROM
                + " join auspex.token_session s on s.tenant_id = u.tenant_id and s.user_id = u.user_id"
                + " where s.tenant_id = ? and s.session_id = ? and s.revoked_at is null and s.expires_at > ? for update of s";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setInt(1, tenant.value());
            select.setObject(2, id);
            select.setObject(3, Rows.timestamp(now));
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                user = UserState.read(row);
                current = MessageDigest.isEqual(row.getBytes("refresh_hash"), hash);
            }
        }
        if (!current || !user.active()) {
            revoke(connection, tenant, id);
            return Optional.empty();
        }
        String secret = Secrets.random();
        try (PreparedStatement update = connection.prepareStatement(
                "update auspex.token_session set refresh_hash = ?, refreshed_at = ? where tenant_id = ? and session_id = ?")) {
            update.setBytes(1, Secrets.sha256(secret));
            update.setObject(2, Rows.timestamp(now));
            update.setInt(3, tenant.value());
            update.setObject(4, id);
            update.executeUpdate();
        }
        return Optional.of(new Session(user, id, token(tenant, id, secret)));
    }

    /** The user of a session that has not ended. */
    public Optional<UserState> user(TenantId tenant, UUID id, Instant now) {
        String sql = "select " + UserState.COLUMNS + UserState.FROM
                + " join auspex.token_session s on s.tenant_id = u.tenant_id and s.user_id = u.user_id"
                + " where s.tenant_id = ? and s.session_id = ? and s.revoked_at is null and s.expires_at > ?";
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setInt(1, tenant.value());
                select.setObject(2, id);
                select.setObject(3, Rows.timestamp(now));
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(UserState.read(row)) : Optional.empty();
                }
            }
        });
    }

    /** The session that a refresh token belongs to, if it has the form of one. */
    public void revoke(String presented) {
        Matcher token = TOKEN.matcher(presented);
        if (token.matches() && Integer.parseInt(token.group(1)) > 0) {
            revoke(new TenantId(Integer.parseInt(token.group(1))), UUID.fromString(token.group(2)));
        }
    }

    public void revoke(TenantId tenant, UUID id) {
        jdbc.run(tenant, connection -> revoke(connection, tenant, id));
    }

    private static void revoke(Connection connection, TenantId tenant, UUID id) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update auspex.token_session set revoked_at = coalesce(revoked_at, now()) where tenant_id = ? and session_id = ?")) {
            update.setInt(1, tenant.value());
            update.setObject(2, id);
            update.executeUpdate();
        }
    }

    static void revokeAll(Connection connection, TenantId tenant, int userId) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update auspex.token_session set revoked_at = now() where tenant_id = ? and user_id = ? and revoked_at is null")) {
            update.setInt(1, tenant.value());
            update.setInt(2, userId);
            update.executeUpdate();
        }
    }

    private static String token(TenantId tenant, UUID id, String secret) {
        return "auspexr_" + tenant + "_" + id + "_" + secret;
    }
}
