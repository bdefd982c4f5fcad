package io.auspex.series.control;

import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/**
 * Reads what the log has and this process has not written: at the start what is left of former processes, then what
 * other nodes commit.
 *
 * <p>A function of the owner says which numbers of which tenants are new; the rows themselves are read as their tenant,
 * under its policy.
 */
final class LogFollower {
    private static final System.Logger LOG = System.getLogger(LogFollower.class.getName());
    private static final int MOST_RECORDS = 1_000;

    private final TenantJdbc jdbc;
    private final LogReader reader;
    private final LogStreams own;

    /** Guarded by this, as all that reads. */
    private final Map<Integer, Long> seen = new HashMap<>();

    private final Histogram lagMillis = new Histogram(TimeUnit.HOURS.toMillis(1), 2);
    private final Histogram recentMillis = new Histogram(TimeUnit.HOURS.toMillis(1), 2);
    private LongConsumer observer = seq -> {};
    private Missed missed = () -> {};
    private final AtomicLong pendingBytes = new AtomicLong();
    private long followed;
    private volatile long passed = -1;
    private volatile StorageNode.Flushes flushes = StorageNode.Flushes.NONE;

    /** Told that rows were gone before they could be read: their samples are in packs only. */
    @FunctionalInterface
    interface Missed {
        void lookAtPacks();
    }

    private record News(int slot, int stream, long seq, TenantId tenant, long ageMillis) {}

    LogFollower(TenantJdbc jdbc, LogReader reader, LogStreams own) {
        this.jdbc = jdbc;
        this.reader = reader;
        this.own = own;
    }

    /** Begins behind what packs have. */
    synchronized void begin(StorageNode.Flushes at, Missed whenMissed) {
        missed = whenMissed;
        flushes = at;
        passed = at.written();
        seen.putAll(at.streams());
    }

    /** @param numbers told each number that is read, see {@link DurableLog#observe} */
    synchronized void tellNumbers(LongConsumer numbers) {
        observer = numbers;
        lagMillis.reset();
        recentMillis.reset();
    }

    /** Reads some of what is new, and answers how many records that were. */
    synchronized int poll() {
        StorageNode.Flushes now = jdbc.callUnbound(StorageNode::flushes);
        look(now);
        seen.keySet().retainAll(now.streams().keySet());
        Map<Integer, Long> foreign = new TreeMap<>();
        now.begins().forEach((stream, begin) -> {
            if (own.isOpen(stream)) {
                seen.remove(stream);
            } else {
                foreign.put(stream, seen(stream, begin));
            }
        });
        seen.putAll(foreign);
        own.keepOnly(now.streams().keySet());
        return foreign.isEmpty() ? 0 : jdbc.callUnbound(connection -> read(connection, foreign));
    }

    /** Whether all that packs have was read before; else it may be gone by now. */
    private void look(StorageNode.Flushes now) {
        flushes = now;
        boolean all = now.streams().entrySet().stream()
                .allMatch(each -> own.isOpen(each.getKey())
                        || seen(each.getKey(), now.begins().getOrDefault(each.getKey(), 0L)) >= each.getValue());
        if (all) {
            passed = Math.max(passed, now.written());
        } else if (now.emptied() > passed) {
            LOG.log(System.Logger.Level.INFO, "rows of other nodes are in packs already flush={0}", now.emptied());
            missed.lookAtPacks();
            now.streams().forEach((stream, upTo) -> {
                if (!own.isOpen(stream)) {
                    seen.merge(stream, upTo, Math::max);
                }
            });
            passed = now.written();
        }
    }

    private long seen(int stream, long begin) {
        Long position = seen.get(stream);
        return position != null ? position : own.applied(stream, begin);
    }

    private int read(Connection connection, Map<Integer, Long> foreign) throws SQLException {
        List<News> news = news(connection, foreign);
        if (news.isEmpty()) {
            return 0;
        }
        Map<TenantId, List<News>> byTenant = new TreeMap<>();
        news.forEach(one -> byTenant.computeIfAbsent(one.tenant(), absent -> new ArrayList<>())
                .add(one));
        try (Statement statement = connection.createStatement()) {
            // tables that are emptied again and again have no statistics to go by
            statement.execute("set local enable_seqscan = off");
        }
        for (Map.Entry<TenantId, List<News>> each : byTenant.entrySet()) {
            TenantJdbc.bind(connection, each.getKey());
            records(connection, each.getKey(), each.getValue());
        }
        for (News one : news) {
            seen.merge(one.stream(), one.seq(), Math::max);
            observer.accept(one.seq());
            long age = Math.min(Math.max(0, one.ageMillis()), lagMillis.getHighestTrackableValue());
            lagMillis.recordValue(age);
            recentMillis.recordValue(age);
        }
        followed += news.size();
        return news.size();
    }

    private static List<News> news(Connection connection, Map<Integer, Long> foreign) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select slot, stream, seq, tenant_id, age_millis" + " from auspex.ingest_log_news(?, ?, ?)")) {
            statement.setArray(
                    1, connection.createArrayOf("int", foreign.keySet().toArray()));
            statement.setArray(
                    2, connection.createArrayOf("bigint", foreign.values().toArray()));
            statement.setInt(3, MOST_RECORDS);
            List<News> news = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    news.add(new News(row.getInt(1), row.getInt(2), row.getLong(3), new TenantId(row.getInt(4)), (long)
                            row.getDouble(5)));
                }
            }
            return news;
        }
    }

    /** In the order of numbers, which is that of arrival as far as anybody can tell. */
    private void records(Connection connection, TenantId tenant, List<News> news) throws SQLException {
        SortedSet<Integer> slots = new TreeSet<>();
        news.forEach(one -> slots.add(one.slot()));
        StringBuilder sql = new StringBuilder();
        for (int slot : slots) {
            sql.append(sql.isEmpty() ? "" : " union all ")
                    .append(
                            "select l.seq, l.stream, l.part, l.payload from unnest(?::int[], ?::bigint[]) as n (stream, seq)")
                    .append(" join auspex.ingest_log_")
                    .append(slot)
                    .append(" l on l.stream = n.stream and l.seq = n.seq");
        }
        try (PreparedStatement statement = connection.prepareStatement(sql + " order by 1, 2, 3")) {
            statement.setFetchSize(500);
            int at = 1;
            for (int slot : slots) {
                List<News> here =
                        news.stream().filter(one -> one.slot() == slot).toList();
                statement.setArray(
                        at++,
                        connection.createArrayOf(
                                "int", here.stream().map(News::stream).toArray()));
                statement.setArray(
                        at++,
                        connection.createArrayOf(
                                "bigint", here.stream().map(News::seq).toArray()));
            }
            List<byte[]> parts = new ArrayList<>();
            long seq = -1;
            int stream = -1;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (!parts.isEmpty() && (row.getLong(1) != seq || row.getInt(2) != stream)) {
                        reader.apply(connection, tenant, seq, parts);
                        parts.clear();
                    }
                    seq = row.getLong(1);
                    stream = row.getInt(2);
                    byte[] payload = row.getBytes(4);
                    pendingBytes.addAndGet(payload.length);
                    parts.add(payload);
                }
            }
            if (!parts.isEmpty()) {
                reader.apply(connection, tenant, seq, parts);
            }
        }
    }

    /** Up to where each stream of others is in the head. */
    synchronized Map<Integer, Long> positions() {
        return new HashMap<>(seen);
    }

    /** Returns when nothing is being applied that was being applied before. */
    @SuppressWarnings("EmptyMethod")
    void barrier() {
        synchronized (this) {
            // whoever applies holds it
        }
    }

    /** Gives back what is only needed while others write. */
    synchronized void rest() {
        reader.rest();
    }

    StorageNode.Flushes flushes() {
        return flushes;
    }

    /** The latest flush all rows of which have been read. */
    long passed() {
        return passed;
    }

    /** Bytes of others that no pack covers. */
    long pendingBytes() {
        return pendingBytes.get();
    }

    void covered(long bytes) {
        pendingBytes.addAndGet(-bytes);
    }

    synchronized long followed() {
        return followed;
    }

    /** The median since the last call. */
    synchronized long recentLagMillis() {
        long median = recentMillis.getValueAtPercentile(50);
        recentMillis.reset();
        return median;
    }

    /** How old rows were when they were read, since the start, at a quantile such as 0.99. */
    synchronized long lagMillisAt(double quantile) {
        return lagMillis.getValueAtPercentile(quantile * 100);
    }
}
