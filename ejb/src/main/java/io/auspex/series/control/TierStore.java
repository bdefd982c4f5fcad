package io.auspex.series.control;

import io.auspex.series.Tier;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The tables {@code perf_metrics_1m} to {@code perf_metrics_1d}: roll-ups, one row for each segment and UTC day. */
final class TierStore {
    /** The tiers that have a table of roll-ups, from the finest. */
    static final List<Tier> TIERS = List.of(Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR, Tier.DAY);

    private final TenantJdbc jdbc;

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
