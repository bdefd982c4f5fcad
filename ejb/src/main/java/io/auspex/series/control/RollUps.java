package io.auspex.series.control;

import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackWriter;
import io.auspex.series.RollUp;
import io.auspex.series.RollUpPacks;
import io.auspex.series.SampleColumn;
import io.auspex.series.Tier;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings a day that is over into its final form: all packs of a segment become one, and the tiers of its aggregates are
 * written beside, in one transaction.
 *
 * <p>What is to be done is what flushes have written, so it may be repeated, stopped and done by anybody; late samples
 * come as further packs and make their segment's day due again.
 */
public final class RollUps {
    private static final System.Logger LOG = System.getLogger(RollUps.class.getName());

    /** Segments of one transaction: bounds what it holds in memory. */
    private static final int BATCH = 32;

    static final String LOCK_NOT_AVAILABLE = "55P03";

    private final TenantJdbc jdbc;
    private final TierStore tiers;

    RollUps(TenantJdbc jdbc, TierStore tiers) {
        this.jdbc = jdbc;
        this.tiers = tiers;
    }

    /**
     * What was done.
     *
     * @param packs that stand there now
     * @param merged packs that they were made of
     * @param samples that were merged and rolled up
     */
    public record Outcome(int packs, int merged, long samples) {
        public static final Outcome NONE = new Outcome(0, 0, 0);

        public Outcome plus(Outcome other) {
            return new Outcome(packs + other.packs, merged + other.merged, samples + other.samples);
        }
    }

    /** Segments of a day, ascending, of which flushes have written packs that are not merged. */
    public List<Long> due(TenantId tenant, LocalDate day) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("select distinct segment from auspex.perf_metrics"
                            + " where level = 0 and t_start >= ? and t_start < ? order by segment")) {
                statement.setLong(1, millis(day));
                statement.setLong(2, millis(day) + PackStore.DAY_MILLIS);
                return segments(statement);
            }
        });
    }

    private static List<Long> segments(PreparedStatement statement) throws SQLException {
        List<Long> segments = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                segments.add(row.getLong(1));
            }
        }
        return segments;
    }

    /** Merges and rolls up some segments of a day, each completely or not at all. */
    public Outcome roll(TenantId tenant, LocalDate day, List<Long> segments) {
        return each(day, segments, some -> jdbc.call(tenant, connection -> batch(connection, tenant, day, some)));
    }

    /**
     * Segments of a day, ascending, that have no roll-up over minutes yet. It takes as much as the samples themselves,
     * so it is written when their time ends, by {@link #rollMinutes}.
     */
    public List<Long> withoutMinutes(TenantId tenant, LocalDate day) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select distinct p.segment"
                    + " from auspex.perf_metrics p where p.level = 1 and p.t_start >= ? and p.t_start < ?"
                    + " and not exists (select from auspex.perf_metrics_1m m"
                    + " where m.segment = p.segment and m.t_start = ?) order by 1")) {
                statement.setLong(1, millis(day));
                statement.setLong(2, millis(day) + PackStore.DAY_MILLIS);
                statement.setLong(3, millis(day));
                return segments(statement);
            }
        });
    }

    /** Rolls up some merged segments of a day over minutes. */
    public Outcome rollMinutes(TenantId tenant, LocalDate day, List<Long> segments) {
        Outcome outcome = each(
                day,
                segments,
                some -> jdbc.call(tenant, connection -> {
                    long samples = 0;
                    try (Pass pass = new Pass(day, Optional.empty())) {
                        for (long segment : some) {
                            lock(connection, segment);
                            samples += pass.minutes(segment, read(connection, day, segment, new ArrayList<>()));
                        }
                        pass.put(connection, tenant, day);
                    }
                    return new Outcome(0, 0, samples);
                }));
        tiers.forget(tenant);
        return outcome;
    }

    private Outcome each(LocalDate day, List<Long> segments, Function<List<Long>, Outcome> work) {
        Outcome total = Outcome.NONE;
        if (!segments.isEmpty()) {
            tiers.createDay(day);
        }
        for (int from = 0; from < segments.size(); from += BATCH) {
            total = total.plus(work.apply(segments.subList(from, Math.min(from + BATCH, segments.size()))));
        }
        return total;
    }

    /** Takes samples out of a segment's day that is over, and makes its packs and roll-ups anew; answers how many. */
    long erase(TenantId tenant, LocalDate day, long segment, PackErasure.What what) {
        tiers.createDay(day);
        return jdbc.call(tenant, connection -> {
            lock(connection, segment);
            List<Key> keys = new ArrayList<>();
            List<Stored> packs = read(connection, day, segment, keys);
            Map<Tier, TierStore.Row> before = TierStore.read(connection, segment, day);
            boolean any = packs.stream().anyMatch(pack -> PackErasure.has(pack.data(), what))
                    || before.values().stream()
                            .anyMatch(row -> RollUpPacks.series(PackDirectory.parse(row.data())).stream()
                                    .anyMatch(what.series()::contains));
            if (!any) {
                return 0L;
            }
            try (Pass pass = new Pass(day, Optional.of(what))) {
                pass.segment(segment, packs, before);
                delete(connection, day, keys);
                PackStore.insert(connection, tenant, PackStore.MERGED, pass.packs);
                pass.put(connection, tenant, day);
                return pass.erased;
            }
        });
    }

    /** Keeps others from writing a segment's packs and roll-ups anew until the transaction ends. */
    static void lock(Connection connection, long segment) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select pg_advisory_xact_lock(1869968495, ?)")) {
            lock.setInt(1, (int) segment);
            lock.execute();
        }
    }

    private static Outcome batch(Connection connection, TenantId tenant, LocalDate day, List<Long> segments)
            throws SQLException {
        List<Key> keys = new ArrayList<>();
        long samples = 0;
        try (Pass pass = new Pass(day, Optional.empty())) {
            for (long segment : segments) {
                lock(connection, segment);
                pass.segment(segment, read(connection, day, segment, keys), TierStore.read(connection, segment, day));
            }
            delete(connection, day, keys);
            PackStore.insert(connection, tenant, PackStore.MERGED, pass.packs);
            pass.put(connection, tenant, day);
            for (PackStore.NewPack pack : pass.packs) {
                samples += pack.samples();
            }
            return new Outcome(pass.packs.size(), keys.size(), samples);
        }
    }

    /** A stored pack of the day. */
    record Key(long segment, long start, long generation, short level) {}

    record Stored(long generation, boolean merged, byte[] data) {}

    /** In the order in which they were written: of two samples of one time the first stays. */
    static List<Stored> read(Connection connection, LocalDate day, long segment, List<Key> keys) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select t_start, generation, level, data from auspex.perf_metrics"
                        + " where segment = ? and t_start >= ? and t_start < ? order by generation, t_start")) {
            statement.setLong(1, segment);
            statement.setLong(2, millis(day));
            statement.setLong(3, millis(day) + PackStore.DAY_MILLIS);
            List<Stored> packs = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    keys.add(new Key(segment, row.getLong(1), row.getLong(2), row.getShort(3)));
                    packs.add(new Stored(row.getLong(2), row.getShort(3) == PackStore.MERGED, row.getBytes(4)));
                }
            }
            return packs;
        }
    }

    static void delete(Connection connection, LocalDate day, List<Key> keys) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("delete from auspex.perf_metrics p using"
                + " unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::smallint[]) as k (segment, t_start, generation, level)"
                + " where p.segment = k.segment and p.t_start = k.t_start and p.generation = k.generation"
                + " and p.level = k.level and p.t_start >= ? and p.t_start < ?")) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint", keys.stream().map(Key::segment).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint", keys.stream().map(Key::start).toArray()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint", keys.stream().map(Key::generation).toArray()));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "smallint", keys.stream().map(Key::level).toArray()));
            statement.setLong(5, millis(day));
            statement.setLong(6, millis(day) + PackStore.DAY_MILLIS);
            if (statement.executeUpdate() != keys.size()) { // two at once: the other one has done it
                throw new SQLException("packs vanished while they were being merged", "40001");
            }
        }
    }

    /** Gives back the space of a day's merged packs, once those of all tenants are; says whether it did. */
    public boolean settle(LocalDate day) {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select auspex.perf_metrics_settle(?)")) {
                statement.setDate(1, Date.valueOf(day));
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() && row.getBoolean(1);
                }
            } catch (SQLException e) {
                if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                    throw e;
                }
                // somebody reads it, such as a backup: the next night tries again
                LOG.log(System.Logger.Level.INFO, "space of merged packs is not given back yet day={0}", day);
                connection.rollback();
                return false;
            }
        });
    }

    static long millis(LocalDate day) {
        return day.toEpochDay() * PackStore.DAY_MILLIS;
    }

    /** What a batch writes. */
    private static final class Pass implements AutoCloseable {
        private final long dayStart;
        private final PackContents contents = new PackContents(PackStore.FRAME_MILLIS);
        private final PackWriter rollUpWriter = RollUpPacks.writer();
        private final RollUp rollUp = new RollUp();
        final List<PackStore.NewPack> packs = new ArrayList<>();
        final Map<Tier, List<TierStore.NewRow>> rows = new EnumMap<>(Tier.class);

        private final Optional<PackErasure.What> erasing;
        long erased;

        Pass(LocalDate day, Optional<PackErasure.What> erasing) {
            dayStart = millis(day);
            this.erasing = erasing;
        }

        /** @param before the roll-ups that the segment's day has already */
        void segment(long segment, List<Stored> stored, Map<Tier, TierStore.Row> before) {
            TreeMap<Long, SampleColumn> columns = new TreeMap<>();
            Set<Long> merged = new HashSet<>();
            long generation = 0;
            for (Stored pack : stored) {
                generation = Math.max(generation, pack.generation());
                contents.read(pack.data(), dayStart + 1, dayStart + PackStore.DAY_MILLIS, columns);
                if (pack.merged()) {
                    PackDirectory directory = PackDirectory.parse(pack.data());
                    for (int i = 0; i < directory.seriesCount(); i++) {
                        merged.add(directory.seriesId(i));
                    }
                }
            }
            Map<Tier, PackDirectory> directories = new EnumMap<>(Tier.class);
            before.forEach((tier, row) -> directories.put(tier, PackDirectory.parse(row.data())));
            // what is rolled up and not in the merged pack has ended there: too late for samples of that time
            columns.keySet()
                    .removeIf(series -> !merged.contains(series)
                            && !isErased(series)
                            && directories.values().stream().anyMatch(tier -> RollUpPacks.has(tier, series)));
            if (erasing.isPresent()) {
                erased += erasing.get().cut(columns);
            }
            if (!columns.isEmpty()) {
                packs.add(PackStore.NewPack.of(segment, generation, contents.write(columns)));
            }
            for (Tier tier : TierStore.TIERS) {
                if (tier != Tier.MINUTE || before.containsKey(tier)) {
                    tier(segment, tier, columns, before.get(tier), directories.get(tier));
                }
            }
        }

        /** Rolls up over minutes; says how many samples that were. */
        long minutes(long segment, List<Stored> stored) {
            TreeMap<Long, SampleColumn> columns = new TreeMap<>();
            stored.forEach(pack -> contents.read(pack.data(), dayStart + 1, dayStart + PackStore.DAY_MILLIS, columns));
            tier(segment, Tier.MINUTE, columns, null, null);
            return columns.values().stream().mapToLong(SampleColumn::size).sum();
        }

        void put(Connection connection, TenantId tenant, LocalDate day) throws SQLException {
            for (Map.Entry<Tier, List<TierStore.NewRow>> tier : rows.entrySet()) {
                TierStore.put(connection, tenant, tier.getKey(), day, tier.getValue());
            }
        }

        private boolean isErased(long series) {
            return erasing.isPresent() && erasing.get().series().contains(series);
        }

        private void tier(
                long segment,
                Tier tier,
                TreeMap<Long, SampleColumn> columns,
                TierStore.@Nullable Row before,
                @Nullable PackDirectory directory) {
            boolean histograms = before != null && before.histograms();
            TreeSet<Long> all = new TreeSet<>(columns.keySet());
            if (before != null && directory != null) {
                RollUpPacks.series(directory).stream()
                        .filter(series -> !isErased(series))
                        .forEach(all::add);
                if (directory.frameCount() > 0) {
                    contents.reader().frame(directory, 0, before.data(), directory.frameOffset(0));
                }
            }
            for (long series : all) {
                SampleColumn column = columns.get(series);
                if (column != null) {
                    histograms |= rollUp.aggregate(column, tier.bucketMillis());
                } else if (directory != null) {
                    RollUpPacks.read(contents.reader(), directory, series, rollUp);
                }
                RollUpPacks.write(rollUpWriter, series, rollUp);
            }
            rows.computeIfAbsent(tier, absent -> new ArrayList<>())
                    .add(new TierStore.NewRow(segment, histograms, rollUpWriter.finish()));
        }

        @Override
        public void close() {
            contents.close();
            rollUpWriter.close();
        }
    }
}
