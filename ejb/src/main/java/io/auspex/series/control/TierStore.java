package io.auspex.series.control;

import io.auspex.series.Tier;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The tables {@code perf_metrics_1m} to {@code perf_metrics_1d}: roll-ups, one row for each segment and UTC day. */
final class TierStore {
    /** The tiers that have a table of roll-ups, from the finest. */
    static final List<Tier> TIERS = List.of(Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR, Tier.DAY);

    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final String NEWEST = "select coalesce((select max(t_start) from auspex.perf_metrics_1m),"
            + " (select max(t_start) from auspex.perf_metrics_1d))";

    private final TenantJdbc jdbc;
    private final ConcurrentHashMap<TenantId, Ended> ended = new ConcurrentHashMap<>();

    TierStore(TenantJdbc jdbc) {
        this.jdbc = jdbc;
    }

    /** A row to be stored. */
    record NewRow(long segment, boolean histograms, byte[] data) {}

    /** A row that was stored. */
    record Row(boolean histograms, byte[] data) {}

    /** The roll-ups of a segment's day, by tier. */
    static Map<Tier, Row> read(Connection connection, long segment, LocalDate day) throws SQLException {
        Map<Tier, Row> rows = new EnumMap<>(Tier.class);
        for (Tier tier : TIERS) {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select histograms, data from " + table(tier) + " where segment = ? and t_start = ?")) {
                statement.setLong(1, segment);
                statement.setLong(2, RollUps.millis(day));
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next()) {
                        rows.put(tier, new Row(row.getBoolean(1), row.getBytes(2)));
                    }
                }
            }
        }
        return rows;
    }

    /** Told a row. */
    @FunctionalInterface
    interface RowConsumer {
        void accept(long segment, long day, byte[] data);
    }

    /** The roll-ups of some segments of days that begin in a range, inclusive on the left end. */
    void read(TenantId tenant, Tier tier, List<Long> segments, long fromMillis, long toMillis, RowConsumer consumer) {
        jdbc.run(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select segment, t_start, data from "
                    + table(tier) + " where segment = any(?) and t_start >= ? and t_start < ?")) {
                statement.setFetchSize(256);
                statement.setArray(1, connection.createArrayOf("bigint", segments.toArray()));
                statement.setLong(2, fromMillis);
                statement.setLong(3, toMillis);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        consumer.accept(row.getLong(1), row.getLong(2), row.getBytes(3));
                    }
                }
            }
        });
    }

    /**
     * Up to when a tenant may have roll-ups whose samples have ended; {@link Long#MIN_VALUE} when none have. Those over
     * minutes are written just before that, so the newest of them tells; it is looked up now and then only.
     */
    long endedTo(TenantId tenant) {
        Ended last = ended.get(tenant);
        if (last != null && System.nanoTime() - last.nanos() < FRESH.toNanos()) {
            return last.millis();
        }
        long millis = jdbc.query(tenant, NEWEST, (statement, first) -> {}, row -> {
            row.next();
            long day = row.getLong(1);
            return row.wasNull() ? Long.MIN_VALUE : day + PackStore.DAY_MILLIS;
        });
        ended.put(tenant, new Ended(millis, System.nanoTime()));
        return millis;
    }

    /** Looks up anew, at the next question, what has ended. */
    void forget(TenantId tenant) {
        ended.remove(tenant);
    }

    private record Ended(long millis, long nanos) {}

    static String table(Tier tier) {
        return tier.isRaw() ? "auspex.perf_metrics" : "auspex.perf_metrics_" + tier.label();
    }

    /** Makes sure that roll-ups of a day have partitions to go to. */
    void createDay(LocalDate day) {
        jdbc.callUnbound(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("select auspex.perf_metrics_create_tier(?, ?)")) {
                for (Tier tier : TIERS) {
                    statement.setString(1, tier.label());
                    statement.setDate(2, Date.valueOf(day));
                    statement.execute();
                }
                return true;
            }
        });
    }

    /** Stores the roll-ups of a day, in place of those that are there, within a transaction bound to their tenant. */
    static void put(Connection connection, TenantId tenant, Tier tier, LocalDate day, List<NewRow> rows)
            throws SQLException {
        String sql = "insert into " + table(tier)
                + " (tenant_id, segment, t_start, histograms, data)"
                + " select ?, u.segment, ?, u.histograms, u.data"
                + " from unnest(?::bigint[], ?::boolean[], ?::bytea[]) as u (segment, histograms, data)"
                + " on conflict (tenant_id, segment, t_start) do update"
                + " set histograms = excluded.histograms, data = excluded.data";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenant.value());
            statement.setLong(2, RollUps.millis(day));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint", rows.stream().map(NewRow::segment).toArray()));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "boolean", rows.stream().map(NewRow::histograms).toArray()));
            statement.setArray(
                    5,
                    connection.createArrayOf(
                            "bytea", rows.stream().map(NewRow::data).toArray(byte[][]::new)));
            statement.executeUpdate();
        }
    }
}
