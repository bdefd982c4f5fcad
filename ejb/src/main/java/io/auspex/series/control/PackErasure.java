package io.auspex.series.control;

import io.auspex.codec.PackDirectory;
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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Takes deleted samples out of packs, which are written anew, and out of the roll-ups of their days.
 *
 * <p>A day that is over is brought into its final form on the way ({@link RollUps}), so that its roll-ups are those of
 * what is left. Of a day whose raw samples have ended the roll-ups of the series go as a whole.
 */
final class PackErasure {
    private final TenantJdbc jdbc;
    private final RollUps rollUps;
    private final LocalDate today;

    /** @param today the first day that is not over */
    PackErasure(TenantJdbc jdbc, RollUps rollUps, LocalDate today) {
        this.jdbc = jdbc;
        this.rollUps = rollUps;
        this.today = today;
    }

    /** Which samples: those of some series in a range, inclusive on both ends. */
    record What(Set<Long> series, long fromMillis, long toMillis) {
        /** Takes them out of columns by series and answers how many there were. */
        long cut(TreeMap<Long, SampleColumn> columns) {
            long before = samples(columns);
            columns.forEach((id, column) -> {
                if (series.contains(id)) {
                    column.cut(fromMillis, toMillis);
                }
            });
            columns.values().removeIf(column -> column.size() == 0);
            return before - samples(columns);
        }

        private static long samples(TreeMap<Long, SampleColumn> columns) {
            return columns.values().stream().mapToLong(SampleColumn::size).sum();
        }
    }

    /** Erases in some segments, day by day, and answers how many samples went. */
    long erase(TenantId tenant, Collection<Long> segments, What what) {
        long samples = 0;
        for (long segment : segments) {
            for (LocalDate day : days(tenant, segment, what)) {
                samples += day.isBefore(today)
                        ? rollUps.erase(tenant, day, segment, what)
                        : jdbc.call(tenant, connection -> eraseRaw(connection, tenant, day, segment, what));
            }
        }
        return samples;
    }

    private Set<LocalDate> days(TenantId tenant, long segment, What what) {
        StringBuilder sql = new StringBuilder("select (t_start / 86400000) from auspex.perf_metrics"
                + " where segment = ? and t_start <= ? and t_start > ? and t_end >= ?");
        for (Tier tier : TierStore.TIERS) {
            sql.append(" union select (t_start / 86400000) from ")
                    .append(TierStore.table(tier))
                    .append(" where segment = ? and t_start <= ? and t_start > ?");
        }
        long earliest = what.fromMillis() < Long.MIN_VALUE + 2 * PackStore.DAY_MILLIS
                ? Long.MIN_VALUE
                : what.fromMillis() - PackStore.DAY_MILLIS - 1;
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
                int at = 1;
                for (int table = 0; table <= TierStore.TIERS.size(); table++) {
                    statement.setLong(at++, segment);
                    statement.setLong(at++, what.toMillis());
                    statement.setLong(at++, earliest);
                    if (table == 0) {
                        statement.setLong(at++, what.fromMillis());
                    }
                }
                Set<LocalDate> days = new TreeSet<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        days.add(LocalDate.ofEpochDay(row.getLong(1)));
                    }
                }
                return days;
            }
        });
    }

    /** Each pack by itself: later ones of the day are still to come. */
    private static long eraseRaw(Connection connection, TenantId tenant, LocalDate day, long segment, What what)
            throws SQLException {
        RollUps.lock(connection, segment);
        List<RollUps.Key> keys = new ArrayList<>();
        List<RollUps.Stored> packs = RollUps.read(connection, day, segment, keys);
        long erased = 0;
        try (PackContents contents = new PackContents(PackStore.FRAME_MILLIS)) {
            for (int i = 0; i < packs.size(); i++) {
                RollUps.Stored pack = packs.get(i);
                if (!has(pack.data(), what)) {
                    continue;
                }
                TreeMap<Long, SampleColumn> columns = new TreeMap<>();
                contents.read(pack.data(), Long.MIN_VALUE, Long.MAX_VALUE, columns);
                long count = what.cut(columns);
                if (count == 0) {
                    continue;
                }
                RollUps.delete(connection, day, List.of(keys.get(i)));
                if (!columns.isEmpty()) {
                    PackStore.insert(
                            connection,
                            tenant,
                            pack.merged() ? PackStore.MERGED : PackStore.FLUSHED,
                            List.of(PackStore.NewPack.of(segment, pack.generation(), contents.write(columns))));
                }
                erased += count;
            }
        }
        return erased;
    }

    /** Whether a pack has chunks of the series that reach into the range. */
    static boolean has(byte[] pack, What what) {
        PackDirectory directory = PackDirectory.parse(pack);
        for (int number = 0; number < directory.seriesCount(); number++) {
            for (int frame = 0;
                    frame < directory.frameCount() && what.series().contains(directory.seriesId(number));
                    frame++) {
                if (directory.sampleCount(frame, number) > 0
                        && directory.minTime(frame, number) <= what.toMillis()
                        && directory.maxTime(frame, number) >= what.fromMillis()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Of some series of a segment, those that packs or roll-ups still know. */
    Set<Long> left(TenantId tenant, long segment, Set<Long> series) {
        return jdbc.call(tenant, connection -> {
            Set<Long> left = new HashSet<>();
            try (PreparedStatement statement =
                    connection.prepareStatement("select data from auspex.perf_metrics where segment = ?")) {
                statement.setLong(1, segment);
                statement.setFetchSize(16);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        PackDirectory directory = PackDirectory.parse(row.getBytes(1));
                        series.stream().filter(id -> directory.find(id) >= 0).forEach(left::add);
                    }
                }
            }
            for (Tier tier : TierStore.TIERS) {
                try (PreparedStatement statement = connection.prepareStatement(
                        "select data from " + TierStore.table(tier) + " where segment = ?")) {
                    statement.setLong(1, segment);
                    statement.setFetchSize(16);
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            PackDirectory directory = PackDirectory.parse(row.getBytes(1));
                            series.stream()
                                    .filter(id -> RollUpPacks.has(directory, id))
                                    .forEach(left::add);
                        }
                    }
                }
            }
            return left;
        });
    }
}
