package io.auspex.ingest.control;

import io.auspex.ingest.Account;
import io.auspex.ingest.Reason;
import io.auspex.platform.AuspexException;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.StoredText;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rejected samples of each tenant by day, protocol and reason, each with the latest example.
 *
 * <p>Counted in memory and added to the table every few seconds, when something is refused again or somebody looks;
 * what a killed server had not added yet is lost. Kept for {@link #DAYS} days. Bounded by protocols times reasons.
 */
@ApplicationScoped
public class RejectLedger {
    static final int DAYS = 30;
    private static final System.Logger LOG = System.getLogger(RejectLedger.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(10);
    static final int MOST_TEXT = 1_000;
    private static final String ADD =
            "insert into auspex.ingest_reject as r (tenant_id, day, protocol, reason, samples,"
                    + " first_at, last_at, series, detail) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " on conflict (tenant_id, day, protocol, reason) do update set samples = r.samples + excluded.samples,"
                    + " first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at),"
                    + " series = excluded.series, detail = excluded.detail";
    private static final String SELECT = "select protocol, reason, sum(samples), min(first_at), max(last_at),"
            + " (array_agg(series order by last_at desc))[1], (array_agg(detail order by last_at desc))[1]"
            + " from auspex.ingest_reject where day >= ? group by protocol, reason"
            + " order by max(last_at) desc, protocol, reason";

    @Inject
    Clock clock;

    @Inject
    TenantJdbc jdbc;

    private final ConcurrentHashMap<TenantId, Pending> tenants = new ConcurrentHashMap<>();

    /**
     * Samples of one protocol that were refused for one reason.
     *
     * @param reason stable name, in lower case
     * @param series label set of the latest example
     * @param detail what was wrong with it; may be empty
     */
    public record Rejected(
            String protocol, String reason, long samples, Instant first, Instant last, String series, String detail) {
        Rejected plus(Rejected later) {
            return new Rejected(
                    protocol, reason, samples + later.samples, first, later.last, later.series, later.detail);
        }
    }

    private record Key(LocalDate day, String protocol, String reason) {}

    /** What a tenant has to be added to the table. */
    private static final class Pending {
        Map<Key, Rejected> rows = new HashMap<>();
        Instant added = Instant.EPOCH;
    }

    /** The stable name of a reason. */
    public static String name(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    void add(TenantId tenant, String protocol, Account account) {
        Instant now = clock.instant();
        Pending pending = tenants.computeIfAbsent(tenant, absent -> new Pending());
        boolean due;
        synchronized (pending) {
            account.refusals()
                    .forEach((reason, refusal) -> pending.rows.merge(
                            new Key(LocalDate.ofInstant(now, ZoneOffset.UTC), protocol, name(reason)),
                            new Rejected(
                                    protocol,
                                    name(reason),
                                    refusal.samples(),
                                    now,
                                    now,
                                    StoredText.of(refusal.series(), MOST_TEXT),
                                    StoredText.of(refusal.detail(), MOST_TEXT)),
                            Rejected::plus));
            due = pending.added.plus(EVERY).isBefore(now);
            pending.added = due ? now : pending.added;
        }
        if (due) {
            try {
                write(tenant, pending);
            } catch (AuspexException e) {
                LOG.log(System.Logger.Level.DEBUG, "rejected samples are noted later", e);
            }
        }
    }

    private void write(TenantId tenant, Pending pending) {
        Map<Key, Rejected> rows;
        synchronized (pending) {
            rows = pending.rows;
            pending.rows = new HashMap<>();
        }
        if (rows.isEmpty()) {
            return;
        }
        try {
            jdbc.run(tenant, connection -> write(connection, tenant, rows));
        } catch (RuntimeException e) {
            synchronized (pending) {
                rows.forEach((key, row) -> pending.rows.merge(key, row, (later, earlier) -> earlier.plus(later)));
            }
            throw e;
        }
    }

    private void write(Connection connection, TenantId tenant, Map<Key, Rejected> rows) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            for (Map.Entry<Key, Rejected> row : rows.entrySet()) {
                Rejected rejected = row.getValue();
                add.setInt(1, tenant.value());
                add.setObject(2, row.getKey().day());
                add.setString(3, rejected.protocol());
                add.setString(4, rejected.reason());
                add.setLong(5, rejected.samples());
                add.setTimestamp(6, Timestamp.from(rejected.first()));
                add.setTimestamp(7, Timestamp.from(rejected.last()));
                add.setString(8, rejected.series());
                add.setString(9, rejected.detail());
                add.addBatch();
            }
            add.executeBatch();
        }
        try (PreparedStatement delete = connection.prepareStatement("delete from auspex.ingest_reject where day < ?")) {
            delete.setObject(1, oldest());
            delete.executeUpdate();
        }
    }

    private LocalDate oldest() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(DAYS);
    }

    /** A tenant's rejects, the latest first. */
    public List<Rejected> list(TenantId tenant) {
        Pending pending = tenants.get(tenant);
        if (pending != null) {
            write(tenant, pending);
        }
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setObject(1, oldest());
                try (ResultSet row = select.executeQuery()) {
                    List<Rejected> found = new ArrayList<>();
                    while (row.next()) {
                        found.add(new Rejected(
                                row.getString(1),
                                row.getString(2),
                                row.getLong(3),
                                row.getTimestamp(4).toInstant(),
                                row.getTimestamp(5).toInstant(),
                                row.getString(6),
                                row.getString(7)));
                    }
                    return found;
                }
            }
        });
    }

    @PreDestroy
    void writeAll() {
        tenants.forEach((tenant, pending) -> {
            try {
                write(tenant, pending);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "rejected samples are not noted", e);
            }
        });
    }
}
