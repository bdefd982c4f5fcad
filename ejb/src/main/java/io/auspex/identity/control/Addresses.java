package io.auspex.identity.control;

import io.auspex.identity.Lockout;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Failed sign-ins by network address, over all nodes. */
@ApplicationScoped
public class Addresses {
    private static final Duration QUIET = Duration.ofDays(1);

    @Inject
    TenantJdbc jdbc;

    /** Until when nobody signs in from there. */
    public Optional<Instant> blockedUntil(String address, Instant now) {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select blocked_until from auspex.login_address where address = ? and blocked_until > ?")) {
                statement.setString(1, address);
                statement.setObject(2, Rows.timestamp(now));
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Rows.instant(row, "blocked_until") : Optional.empty();
                }
            }
        });
    }

    public void failed(String address, Lockout lockout, Instant now) {
        jdbc.callUnbound(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into auspex.login_address (address, failed_at) values (?, '{}') on conflict do nothing")) {
                insert.setString(1, address);
                insert.executeUpdate();
            }
            List<Instant> failures;
            try (PreparedStatement select = connection.prepareStatement(
                    "select failed_at from auspex.login_address where address = ? for update")) {
                select.setString(1, address);
                try (ResultSet row = select.executeQuery()) {
                    failures = row.next() ? Rows.instants(row, "failed_at") : List.of();
                }
            }
            Lockout.Outcome outcome = lockout.afterFailure(failures, now);
            try (PreparedStatement update = connection.prepareStatement(
                    "update auspex.login_address set failed_at = ?, blocked_until = ? where address = ?")) {
                update.setArray(1, Rows.array(connection, outcome.failedAt()));
                update.setObject(2, Rows.timestamp(outcome.lockedUntil().orElse(null)));
                update.setString(3, address);
                return update.executeUpdate();
            }
        });
    }

    /** Forgets addresses that have been quiet for a day. A success forgets nothing: an attacker may have an account too. */
    public void prune(Instant now) {
        jdbc.callUnbound(connection -> {
            try (PreparedStatement delete = connection.prepareStatement(
                    "delete from auspex.login_address where coalesce(blocked_until, '-infinity') < ?"
                            + " and not exists (select from unnest(failed_at) f where f > ?)")) {
                delete.setObject(1, Rows.timestamp(now.minus(QUIET)));
                delete.setObject(2, Rows.timestamp(now.minus(QUIET)));
                return delete.executeUpdate();
            }
        });
    }
}
