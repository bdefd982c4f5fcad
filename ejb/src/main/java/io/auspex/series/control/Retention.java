package io.auspex.series.control;

import io.auspex.codec.PackWriter;
import io.auspex.series.RetentionPolicy;
import io.auspex.series.RollUpPacks;
import io.auspex.series.SampleColumn;
import io.auspex.series.Tier;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Ends the time of samples and roll-ups, each tier on its day: whole partitions once no tenant keeps them any more,
 * rows of a tenant that keeps less, and series out of rows that they share with metrics of a class that is kept longer.
 * May run at any time and as often as one likes.
 */
public final class Retention {
    private static final int MOST_ATTEMPTS = 5;

    private final TenantJdbc jdbc;
    private final RetentionPolicies policies;
    private final RollUps rollUps;

    Retention(TenantJdbc jdbc, RetentionPolicies policies, RollUps rollUps) {
        this.jdbc = jdbc;
        this.rollUps = rollUps;
        this.policies = policies;
    }

    /**
     * What was removed.
     *
     * @param partitions of all tenants together
     * @param rows of the tenant, one by one
     * @param rewritten rows of the tenant out of which series were taken
     * @param left rows of the tenant that are due and still there; 0 unless something goes wrong
     */
    public record Outcome(int partitions, long rows, long rewritten, long left) {
        public static final Outcome NONE = new Outcome(0, 0, 0, 0);

        public Outcome plus(Outcome other) {
            return new Outcome(
                    partitions + other.partitions, rows + other.rows, rewritten + other.rewritten, left + other.left);
        }
    }

    /** Ends what is due of one tier on a day. */
    public Outcome end(TenantId tenant, Tier tier, LocalDate today) {
        RetentionPolicy policy = policies.of(tenant);
        if (tier.isRaw()) {
            rollUpWhatEnds(tenant, today.minusDays(policy.shortest(tier)));
        }
        int partitions = dropPartitions(tier);
        long before = RollUps.millis(today.minusDays(policy.longest(tier)));
        long rows = deleteBefore(tenant, tier, before);
        Outcome classes = endClasses(tenant, tier, today, policy, before);
        return new Outcome(partitions, rows, 0, left(tenant, tier, before)).plus(classes);
    }

    /** The job before has done so, unless the policy has become shorter since. */
    private void rollUpWhatEnds(TenantId tenant, LocalDate end) {
        for (LocalDate day : daysBefore(tenant, end)) {
            rollUps.roll(tenant, day, rollUps.due(tenant, day));
            rollUps.rollMinutes(tenant, day, rollUps.withoutMinutes(tenant, day));
        }
    }

    private List<LocalDate> daysBefore(TenantId tenant, LocalDate end) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select distinct t_start / 86400000"
                    + " from auspex.perf_metrics where t_start >= 0 and t_start < ? order by 1")) {
                statement.setLong(1, RollUps.millis(end));
                List<LocalDate> days = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        days.add(LocalDate.ofEpochDay(row.getLong(1)));
                    }
                }
                return days;
            }
        });
    }

    private int dropPartitions(Tier tier) {
        for (int attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
            OptionalInt dropped = dropUnlessRead(tier, false);
            if (dropped.isPresent()) {
                return dropped.getAsInt();
            }
        }
        return dropUnlessRead(tier, true).orElse(0);
    }

    /** Empty when queries that were running kept their tables for longer than others shall wait behind. */
    private OptionalInt dropUnlessRead(Tier tier, boolean last) {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("select auspex.perf_metrics_drop_due(?, ?)")) {
                statement.setString(1, tier.label());
                statement.setInt(2, policies.defaultDays(tier));
                int count = 0;
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        count++;
                    }
                }
                return OptionalInt.of(count);
            } catch (SQLException e) {
                if (last || !RollUps.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                    throw e;
                }
                connection.rollback();
                return OptionalInt.empty();
            }
        });
    }

    private long deleteBefore(TenantId tenant, Tier tier, long millis) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("delete from " + TierStore.table(tier) + " where t_start < ?")) {
                statement.setLong(1, millis);
                return (long) statement.executeUpdate();
            }
        });
    }

    private long left(TenantId tenant, Tier tier, long millis) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select count(*) from " + TierStore.table(tier) + " where t_start < ?")) {
                statement.setLong(1, millis);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    /** A class that keeps a tier for less long than others do. */
    private Outcome endClasses(TenantId tenant, Tier tier, LocalDate today, RetentionPolicy policy, long before) {
        Outcome total = Outcome.NONE;
        if (policy.classes().stream().allMatch(each -> each.days(tier) == policy.longest(tier))) {
            return total;
        }
        Map<Long, Map<Long, Long>> endOfSeries = endOfSeries(tenant, tier, today, policy, before);
        for (Map.Entry<Long, Map<Long, Long>> segment : endOfSeries.entrySet()) {
            total = total.plus(endInSegment(tenant, tier, segment.getKey(), segment.getValue(), before));
        }
        return total;
    }

    /** By segment, until when the samples of those series are due that end before others. */
    private Map<Long, Map<Long, Long>> endOfSeries(
            TenantId tenant, Tier tier, LocalDate today, RetentionPolicy policy, long before) {
        RetentionPolicy.Classifier classifier = policy.classifier();
        Map<String, Long> ends = new HashMap<>();
        return jdbc.call(tenant, connection -> {
            Map<Long, Map<Long, Long>> segments = new TreeMap<>();
            try (PreparedStatement statement =
                    connection.prepareStatement("select segment, series_id, metric from auspex.series")) {
                statement.setFetchSize(10_000);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        long end = ends.computeIfAbsent(
                                row.getString(3),
                                metric -> RollUps.millis(
                                        today.minusDays(classifier.of(metric).days(tier))));
                        if (end > before) {
                            segments.computeIfAbsent(row.getLong(1), absent -> new HashMap<>())
                                    .put(row.getLong(2), end);
                        }
                    }
                }
            }
            return segments;
        });
    }

    private Outcome endInSegment(TenantId tenant, Tier tier, long segment, Map<Long, Long> ends, long before) {
        long latest = ends.values().stream().mapToLong(Long::longValue).max().orElse(before);
        return jdbc.call(tenant, connection -> {
            RollUps.lock(connection, segment);
            long deleted = 0;
            long rewritten = 0;
            try (PackContents contents =
                    new PackContents(tier.isRaw() ? PackStore.FRAME_MILLIS : PackStore.DAY_MILLIS)) {
                for (Row row : rows(connection, tier, segment, before, latest)) {
                    TreeMap<Long, SampleColumn> kept = new TreeMap<>();
                    contents.read(row.data(), Long.MIN_VALUE, Long.MAX_VALUE, kept);
                    boolean changed = kept.keySet().removeIf(id -> {
                        Long end = ends.get(tier.isRaw() ? id : RollUpPacks.seriesOf(id));
                        return end != null && row.start() < end;
                    });
                    if (changed) {
                        delete(connection, tier, segment, row);
                        deleted += kept.isEmpty() ? 1 : 0;
                    }
                    if (changed && !kept.isEmpty()) {
                        insert(connection, tenant, tier, segment, row, contents.write(kept));
                        rewritten++;
                    }
                }
            }
            return new Outcome(0, deleted, rewritten, 0);
        });
    }

    /** @param level of a raw pack; roll-ups have none, and no generation */
    private record Row(long start, long generation, short level, boolean histograms, byte[] data) {}

    private static List<Row> rows(Connection connection, Tier tier, long segment, long from, long to)
            throws SQLException {
        String columns = tier.isRaw() ? "generation, level, false" : "0, 0, histograms";
        try (PreparedStatement statement = connection.prepareStatement("select t_start, " + columns + ", data from "
                + TierStore.table(tier) + " where segment = ? and t_start >= ? and t_start < ?")) {
            statement.setLong(1, segment);
            statement.setLong(2, from);
            statement.setLong(3, to);
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(
                            row.getLong(1), row.getLong(2), row.getShort(3), row.getBoolean(4), row.getBytes(5)));
                }
            }
            return rows;
        }
    }

    private static void delete(Connection connection, Tier tier, long segment, Row row) throws SQLException {
        String key = tier.isRaw() ? " and generation = ? and level = ?" : "";
        try (PreparedStatement statement = connection.prepareStatement(
                "delete from " + TierStore.table(tier) + " where segment = ? and t_start = ?" + key)) {
            statement.setLong(1, segment);
            statement.setLong(2, row.start());
            if (tier.isRaw()) {
                statement.setLong(3, row.generation());
                statement.setShort(4, row.level());
            }
            statement.executeUpdate();
        }
    }

    private static void insert(
            Connection connection, TenantId tenant, Tier tier, long segment, Row row, PackWriter writer)
            throws SQLException {
        if (tier.isRaw()) {
            PackStore.insert(
                    connection, tenant, row.level(), List.of(PackStore.NewPack.of(segment, row.generation(), writer)));
            return;
        }
        byte[] pack = writer.finish();
        TierStore.put(
                connection,
                tenant,
                tier,
                LocalDate.ofEpochDay(Math.floorDiv(row.start(), PackStore.DAY_MILLIS)),
                List.of(new TierStore.NewRow(segment, row.histograms(), pack)));
    }
}
