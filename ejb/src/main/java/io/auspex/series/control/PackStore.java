package io.auspex.series.control;

import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackWriter;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.function.Function;

/**
 * The table {@code perf_metrics}: packs of compressed samples, one partition for each UTC day. A day has its right end
 * and not its left, as ranges and buckets have.
 */
final class PackStore {
    static final long DAY_MILLIS = 86_400_000L;

    /** How much of a pack is inflated for one sample. */
    static final long FRAME_MILLIS = 7_200_000L;

    /** Written by a flush. */
    static final short FLUSHED = 0;

    /** All packs of a segment's day made into one ({@link RollUps}). */
    static final short MERGED = 1;

    /** A pack begins before its first sample and is no longer than a day. */
    private static final long MAX_SPAN_MILLIS = DAY_MILLIS + 1;

    private static final String INSERT =
            "insert into auspex.perf_metrics (tenant_id, segment, t_start, generation, t_end, series, samples, level, data)"
                    + " select ?, u.segment, u.t_start, u.generation, u.t_end, u.series, u.samples, ?, u.data"
                    + " from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::smallint[], ?::int[], ?::bytea[])"
                    + " as u (segment, t_start, generation, t_end, series, samples, data)";

    /** The directory of nearly every pack; of the others it is fetched once more. */
    private static final int DIRECTORY_PREFIX = 4_096;

    private static final String IN_RANGE =
            " from auspex.perf_metrics" + " where segment = any(?) and t_start <= ? and t_start > ? and t_end >= ?";

    /** The row version tells packs apart of which one has replaced the other under the same key. */
    private static final String KEY = "segment, t_start, generation, xmin::text::bigint";

    private static final String LIST =
            "select " + KEY + ", octet_length(data)" + IN_RANGE + " order by segment, generation, t_start";
    private static final String FETCH = "select " + KEY + ", data from auspex.perf_metrics"
            + " where (segment, t_start, generation) in (select * from unnest(?::bigint[], ?::bigint[], ?::bigint[]))"
            + " and t_start between ? and ?";
    private static final int FETCH_PACKS = 64;
    private static final int MOST_ATTEMPTS = 5;
    private static final String DIRECTORY =
            "segment, t_start, generation, substring(data for " + DIRECTORY_PREFIX + ")";

    private final TenantJdbc jdbc;
    private final PackCache cache;

    /** @param cacheBytes heap for packs that queries have read */
    PackStore(TenantJdbc jdbc, long cacheBytes) {
        this.jdbc = jdbc;
        this.cache = new PackCache(cacheBytes);
    }

    PackCache cache() {
        return cache;
    }

    /**
     * A pack to be stored.
     *
     * @param start Unix milliseconds before the first sample
     * @param generation the flush that wrote it, or the latest of those whose packs it was made of
     */
    record NewPack(long segment, long start, long generation, long end, int series, int samples, byte[] data) {
        /** What a writer has been given. */
        static NewPack of(long segment, long generation, PackWriter writer) {
            long start = writer.minTime() - 1;
            long end = writer.maxTime();
            int series = writer.seriesCount();
            int samples = writer.sampleCount();
            return new NewPack(segment, start, generation, end, series, samples, writer.finish());
        }

        LocalDate day() {
            return LocalDate.ofEpochDay(Math.floorDiv(start, DAY_MILLIS));
        }
    }

    /** A pack that was stored, with its directory read. */
    record Pack(long segment, PackDirectory directory, byte[] data) {}

    /** Makes sure that packs which begin on a day have a partition to go to. */
    void createDay(LocalDate day) {
        jdbc.callUnbound(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("select auspex.perf_metrics_create_day(?)")) {
                statement.setDate(1, Date.valueOf(day));
                return statement.execute();
            }
        });
    }

    /** Stores packs within a transaction that is bound to their tenant. */
    static void insert(Connection connection, TenantId tenant, short level, List<NewPack> packs) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setInt(1, tenant.value());
            statement.setShort(2, level);
            statement.setArray(3, array(connection, "bigint", packs, NewPack::segment));
            statement.setArray(4, array(connection, "bigint", packs, NewPack::start));
            statement.setArray(5, array(connection, "bigint", packs, NewPack::generation));
            statement.setArray(6, array(connection, "bigint", packs, NewPack::end));
            statement.setArray(7, array(connection, "smallint", packs, pack -> (short) pack.series()));
            statement.setArray(8, array(connection, "integer", packs, NewPack::samples));
            statement.setArray(
                    9,
                    connection.createArrayOf(
                            "bytea", packs.stream().map(NewPack::data).toArray(byte[][]::new)));
            statement.executeUpdate();
        }
    }

    private static <T> Array array(Connection connection, String type, List<T> rows, Function<T, Object> property)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(property).toArray());
    }

    /**
     * Packs of some segments that may have samples in a range, inclusive on both ends: by segment in ascending order,
     * then as they were written. Ends early, between segments, when {@code maxBytes} are reached.
     *
     * <p>PostgreSQL says which packs there are; the bytes of those that are cached stay where they are.
     *
     * @param segments ascending
     * @return all packs of at least one segment; {@code upTo} is the last segment that is complete
     */
    Slice read(TenantId tenant, List<Long> segments, long fromMillis, long toMillis, long maxBytes) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            List<PackCache.Key> keys = new ArrayList<>();
            long upTo = jdbc.query(
                    tenant,
                    LIST,
                    (statement, first) -> range(statement, first, segments, fromMillis, toMillis),
                    rows -> list(rows, tenant, maxBytes, keys) ? segments.get(segments.size() - 1) : last(keys));
            List<Pack> packs = cache.packs(keys, missing -> fetch(tenant, missing));
            if (packs.size() == keys.size()) {
                return new Slice(packs, upTo);
            }
            // some were merged into another one between the two statements: that one is listed now
        }
        throw TenantJdbc.translate(new SQLException("packs vanish while they are being read", "40001"));
    }

    /** Adds the keys of packs; ends early, between segments, and says so by false, when there is too much. */
    private static boolean list(ResultSet row, TenantId tenant, long maxBytes, List<PackCache.Key> into)
            throws SQLException {
        long bytes = 0;
        while (row.next()) {
            PackCache.Key key = key(tenant, row);
            if (bytes >= maxBytes && key.segment() != last(into)) {
                return false;
            }
            bytes += row.getLong(5);
            into.add(key);
        }
        return true;
    }

    private static long last(List<PackCache.Key> keys) {
        return keys.get(keys.size() - 1).segment();
    }

    private static PackCache.Key key(TenantId tenant, ResultSet row) throws SQLException {
        return new PackCache.Key(tenant, row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
    }

    /** The bytes of packs, some at a time; those that are gone are left out. */
    private Map<PackCache.Key, byte[]> fetch(TenantId tenant, List<PackCache.Key> keys) {
        Map<PackCache.Key, byte[]> found = new HashMap<>(keys.size() * 2);
        for (int at = 0; at < keys.size(); at += FETCH_PACKS) {
            fetch(tenant, keys.subList(at, Math.min(keys.size(), at + FETCH_PACKS)), found);
        }
        return found;
    }

    private void fetch(TenantId tenant, List<PackCache.Key> keys, Map<PackCache.Key, byte[]> into) {
        TenantJdbc.Parameters parameters = (statement, first) -> {
            Connection connection = statement.getConnection();
            statement.setArray(first, array(connection, "bigint", keys, PackCache.Key::segment));
            statement.setArray(first + 1, array(connection, "bigint", keys, PackCache.Key::start));
            statement.setArray(first + 2, array(connection, "bigint", keys, PackCache.Key::generation));
            // follows from the keys; spares other days' partitions
            LongSummaryStatistics starts =
                    keys.stream().mapToLong(PackCache.Key::start).summaryStatistics();
            statement.setLong(first + 3, starts.getMin());
            statement.setLong(first + 4, starts.getMax());
        };
        jdbc.query(tenant, FETCH, parameters, row -> {
            while (row.next()) {
                into.put(key(tenant, row), row.getBytes(5));
            }
            return into;
        });
    }

    /** Told what a pack holds, without its samples. */
    @FunctionalInterface
    interface DirectoryConsumer {
        void accept(long segment, PackDirectory directory);
    }

    /**
     * What packs of some segments hold that may have samples in a range, inclusive on both ends.
     *
     * @param oneEach only the earliest pack of each segment, which knows all series that are written steadily
     */
    void directories(
            TenantId tenant,
            List<Long> segments,
            long fromMillis,
            long toMillis,
            boolean oneEach,
            DirectoryConsumer consumer) {
        String sql = oneEach
                ? "select distinct on (segment) " + DIRECTORY + IN_RANGE + " order by segment, t_start, generation"
                : "select " + DIRECTORY + IN_RANGE;
        jdbc.run(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setFetchSize(256);
                range(statement, 1, segments, fromMillis, toMillis);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        byte[] prefix = row.getBytes(4);
                        int length = PackDirectory.prefixLength(prefix);
                        if (length > prefix.length && prefix.length == DIRECTORY_PREFIX) {
                            prefix = prefix(connection, row.getLong(1), row.getLong(2), row.getLong(3), length);
                        }
                        consumer.accept(row.getLong(1), PackDirectory.parse(prefix));
                    }
                }
            }
        });
    }

    private static byte[] prefix(Connection connection, long segment, long start, long generation, int length)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select substring(data for ?) from auspex.perf_metrics"
                        + " where segment = ? and t_start = ? and generation = ?")) {
            statement.setInt(1, length);
            statement.setLong(2, segment);
            statement.setLong(3, start);
            statement.setLong(4, generation);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("pack vanished while it was being read", "40001");
                }
                return row.getBytes(1);
            }
        }
    }

    private static void range(
            PreparedStatement statement, int first, List<Long> segments, long fromMillis, long toMillis)
            throws SQLException {
        statement.setArray(first, statement.getConnection().createArrayOf("bigint", segments.toArray()));
        statement.setLong(first + 1, toMillis);
        statement.setLong(first + 2, saturatedMinus(fromMillis, MAX_SPAN_MILLIS));
        statement.setLong(first + 3, fromMillis);
    }

    /** Part of the packs asked for; complete up to and including a segment. */
    record Slice(List<Pack> packs, long upTo) {}

    /** The last time of which a tenant's packs hold samples, as far as it is later than a given one. */
    long lastTime(TenantId tenant, long notBefore) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select coalesce(max(t_end), ?) from auspex.perf_metrics where t_start > ?")) {
                statement.setLong(1, notBefore);
                statement.setLong(2, saturatedMinus(notBefore, MAX_SPAN_MILLIS));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return Math.max(notBefore, row.getLong(1));
                }
            }
        });
    }

    private static long saturatedMinus(long value, long amount) {
        return value < Long.MIN_VALUE + amount ? Long.MIN_VALUE : value - amount;
    }
}
