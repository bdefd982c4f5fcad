package io.auspex.series.control;

import io.auspex.codec.SpoolFormat;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Head;
import io.auspex.series.Labels;
import io.auspex.series.NewSeries;
import io.auspex.series.SampleAppender;
import io.auspex.series.SeriesIdentity;
import io.auspex.series.SeriesLimit;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.StoredText;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All series of all tenants: PostgreSQL has the record, memory what is needed to find them.
 *
 * <p>A series is durable before it has a ref. Creating series of one tenant waits for no other tenant, and finding
 * known ones waits for nobody.
 */
final class SeriesRegistry {
    private static final int BATCH = 2_000;
    private static final String SELECT = "select series_id, h1, h2, labels::text, segment, slot from auspex.series";
    private static final String INSERT =
            "insert into auspex.series (tenant_id, series_id, h1, h2, metric, labels, segment, slot)"
                    + " select ?, u.id, u.h1, u.h2, u.metric, u.labels::json, u.segment, u.slot"
                    + " from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::smallint[])"
                    + " as u (id, h1, h2, metric, labels, segment, slot)"
                    + " on conflict (tenant_id, h1, h2) do nothing returning series_id";

    private final TenantJdbc jdbc;
    private final Head head;
    private final int activeLimit;
    private final SeriesRoom room;
    private final ConcurrentHashMap<TenantId, TenantSeries> tenants = new ConcurrentHashMap<>();
    private final AtomicLong created = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final OutageSeries outage;
    private volatile long[] segments = new long[1 << 12];

    /**
     * @param activeLimit series with recent samples that a tenant may have
     * @param bytesLimit heap that the series of all tenants may take, their samples included
     */
    SeriesRegistry(TenantJdbc jdbc, Head head, int activeLimit, long bytesLimit, OutageSeries outage) {
        this.jdbc = jdbc;
        this.head = head;
        this.activeLimit = activeLimit;
        this.room = new SeriesRoom(bytesLimit, this::bytes);
        this.outage = outage;
    }

    TenantSeries of(TenantId tenant) {
        TenantSeries known = tenants.get(tenant);
        return known != null ? known : tenants.computeIfAbsent(tenant, absent -> new TenantSeries());
    }

    Set<TenantId> tenants() {
        return tenants.keySet();
    }

    /** Bytes of heap that series take, their samples included. */
    long bytes() {
        return head.bytes()
                + tenants.values().stream()
                        .mapToLong(series -> series.index.bytes() + series.map.bytes())
                        .sum();
    }

    /** Where the samples of a series are packed. */
    long segment(int ref) {
        return segments[ref];
    }

    long created() {
        return created.get();
    }

    long refused() {
        return refused.get();
    }

    /**
     * Loads those of a tenant's series that are not known yet.
     *
     * @param goesOn whether the next series are packed where the last ones were; not so beside other nodes, which do
     */
    void load(TenantId tenant, SeriesIds ids, boolean goesOn) {
        TenantSeries series = of(tenant);
        synchronized (series) {
            jdbc.run(tenant, connection -> {
                try (PreparedStatement statement = connection.prepareStatement(SELECT + " order by series_id")) {
                    statement.setFetchSize(5_000);
                    read(tenant, series, statement, ids, goesOn);
                }
            });
        }
    }

    /** Gets to know series that other nodes have created, within a transaction that is bound to their tenant. */
    void follow(Connection connection, TenantId tenant, Collection<Long> wanted, SeriesIds ids) throws SQLException {
        TenantSeries series = of(tenant);
        synchronized (series) {
            try (PreparedStatement statement = connection.prepareStatement(SELECT + " where series_id = any (?)")) {
                statement.setArray(1, connection.createArrayOf("bigint", wanted.toArray()));
                series.active += read(tenant, series, statement, ids, false);
            }
        }
    }

    /** Adds the ids of all series that are known. */
    void collect(SeriesIds into) {
        for (TenantSeries series : tenants.values()) {
            series.index.match(List.of()).forEach((org.roaringbitmap.IntConsumer)
                    ref -> into.put(head.seriesId(ref), ref));
        }
    }

    private int read(TenantId tenant, TenantSeries series, PreparedStatement statement, SeriesIds ids, boolean goesOn)
            throws SQLException {
        int added = 0;
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                long id = row.getLong(1);
                long high = row.getLong(2);
                long low = row.getLong(3);
                int known = series.map.find(high, low);
                if (known >= 0 && head.seriesId(known) == id) {
                    ids.put(id, known);
                    continue;
                }
                if (known >= 0 && outage.isUnstored(head.seriesId(known))) {
                    // created here while PostgreSQL was away; another node was first to store it
                    head.rename(known, id);
                    segment(known, row.getLong(5));
                    ids.put(id, known);
                    continue;
                }
                if (known >= 0) {
                    // erased, and come again, on another node
                    series.map.remove(high, low);
                    series.index.remove(known);
                }
                Labels labels = LabelsJson.read(row.getString(4));
                if (goesOn) {
                    series.placed(labels.metric(), row.getLong(5), row.getInt(6));
                }
                ids.put(id, publish(tenant, series, id, high, low, labels, row.getLong(5)));
                added++;
            }
        }
        return added;
    }

    /** A stored series' identity. */
    record Stored(long id, long high, long low) {}

    /** The identities of stored series, by id. */
    static Map<Long, Stored> stored(Connection connection, Collection<Long> ids) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select series_id, h1, h2 from auspex.series where series_id = any (?)")) {
            statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            Map<Long, Stored> found = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.put(row.getLong(1), new Stored(row.getLong(1), row.getLong(2), row.getLong(3)));
                }
            }
            return found;
        }
    }

    /** Deletes stored series within a transaction that is bound to their tenant. */
    static void delete(Connection connection, Collection<Long> ids) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("delete from auspex.series where series_id = any (?)")) {
            statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            statement.executeUpdate();
        }
    }

    /** Registers series, as far as the limits of the tenant and of the node allow. */
    int[] register(TenantId tenant, List<NewSeries> wanted, SeriesLimit limit) {
        TenantSeries series = of(tenant);
        int[] refs = new int[wanted.size()];
        synchronized (series) {
            List<Pending> missing = missing(series, wanted, limit, refs);
            for (int from = 0; from < missing.size(); from += BATCH) {
                List<Pending> batch = missing.subList(from, Math.min(from + BATCH, missing.size()));
                insert(tenant, series, batch);
                for (Pending one : batch) {
                    NewSeries added = one.series;
                    refs[one.position] = publish(
                            tenant,
                            series,
                            one.id,
                            added.identity().high(),
                            added.identity().low(),
                            added.labels(),
                            one.segment);
                }
                series.active += batch.size();
                created.addAndGet(batch.size());
            }
            // a request may name a new series twice
            for (int i = 0; i < refs.length; i++) {
                if (refs[i] < 0) {
                    int known = series.map.find(
                            wanted.get(i).identity().high(),
                            wanted.get(i).identity().low());
                    refs[i] = known < 0 ? refs[i] : known;
                }
            }
        }
        return refs;
    }

    /** Keeps senders from series that another node erases: they are not found, and not created either. */
    void close(TenantId tenant, Collection<Integer> refs) {
        TenantSeries series = of(tenant);
        synchronized (series) {
            for (int ref : refs) {
                Labels labels = series.index.labels(ref);
                if (labels != null) {
                    SeriesIdentity identity = SeriesIdentity.of(labels);
                    if (series.map.find(identity.high(), identity.low()) == ref) {
                        series.map.remove(identity.high(), identity.low());
                        series.closed.put(identity, ref);
                    }
                }
            }
        }
    }

    /** Ends what {@link #close} began, but for those that are gone: they leave index and head as well. */
    void reopen(TenantId tenant, Collection<Integer> refs, Set<Integer> gone) {
        TenantSeries series = of(tenant);
        synchronized (series) {
            series.closed.entrySet().removeIf(each -> {
                boolean ours = refs.contains(each.getValue());
                if (ours && !gone.contains(each.getValue())) {
                    series.map.putIfAbsent(each.getKey().high(), each.getKey().low(), each.getValue());
                }
                return ours;
            });
            for (int ref : gone) {
                Labels labels = series.index.labels(ref);
                if (labels != null) {
                    SeriesIdentity identity = SeriesIdentity.of(labels);
                    if (series.map.find(identity.high(), identity.low()) == ref) {
                        series.map.remove(identity.high(), identity.low());
                    }
                    series.index.remove(ref);
                    head.unregister(ref);
                }
            }
        }
    }

    private List<Pending> missing(TenantSeries series, List<NewSeries> wanted, SeriesLimit limit, int[] refs) {
        int active = limit.active() == 0 ? activeLimit : Math.min(limit.active(), activeLimit);
        List<Pending> missing = new ArrayList<>();
        Map<Object, Integer> seen = new HashMap<>();
        Map<String, Integer> ofMetric = new HashMap<>();
        for (int i = 0; i < refs.length; i++) {
            NewSeries candidate = wanted.get(i);
            refs[i] = series.map.find(
                    candidate.identity().high(), candidate.identity().low());
            if (refs[i] >= 0) {
                continue;
            }
            if (series.closed.containsKey(candidate.identity())) {
                throw new AuspexException(Code.UNAVAILABLE, "a series is being erased at the moment");
            }
            Integer before = seen.get(candidate.identity());
            if (before != null) {
                refs[i] = before;
                continue;
            }
            refs[i] = SampleAppender.REFUSED;
            if (limit.perMetric() > 0 && !countOf(series, candidate, limit.perMetric(), ofMetric)) {
                refs[i] = SampleAppender.REFUSED_BY_METRIC;
                refused.incrementAndGet();
            } else if (series.active + missing.size() >= active) {
                refused.incrementAndGet();
            } else if (room.take()) {
                missing.add(new Pending(i, candidate));
            } else {
                refs[i] = SampleAppender.REFUSED_BY_MEMORY;
                refused.incrementAndGet();
            }
            seen.put(candidate.identity(), refs[i]);
        }
        return missing;
    }

    /** Counts a further series of a metric, when there is room for one. */
    private static boolean countOf(TenantSeries series, NewSeries candidate, int most, Map<String, Integer> ofMetric) {
        String metric = candidate.labels().metric();
        int count = ofMetric.computeIfAbsent(metric, name -> series.index.cardinality(Labels.METRIC_NAME, name));
        if (count >= most) {
            return false;
        }
        ofMetric.put(metric, count + 1);
        return true;
    }

    private int publish(
            TenantId tenant, TenantSeries series, long id, long high, long low, Labels labels, long segment) {
        int ref = head.register(tenant, id);
        segment(ref, segment);
        // last the map: who finds a ref there may use everything else of it
        series.index.add(ref, labels);
        int existing = series.map.putIfAbsent(high, low, ref);
        if (existing >= 0 && existing != ref) {
            throw new IllegalStateException("series " + id + " of tenant " + tenant + " is registered twice");
        }
        return ref;
    }

    private synchronized void segment(int ref, long segment) {
        long[] current = segments;
        if (ref >= current.length) {
            current = Arrays.copyOf(current, Math.max(ref + 1, current.length * 2));
            segments = current;
        }
        current[ref] = segment;
    }

    private void insert(TenantId tenant, TenantSeries series, List<Pending> batch) {
        if (outage.isActive()) {
            identify(series, batch, outage.ids(batch.size()));
            outage.keep(tenant, spooled(batch));
            return;
        }
        boolean identified = false;
        try {
            identify(series, batch, jdbc.callUnbound(connection -> nextIds(connection, batch.size())));
            identified = true;
            insert(tenant, batch);
        } catch (AuspexException e) {
            if (e.code() != Code.UNAVAILABLE || !outage.isPossible()) {
                throw e;
            }
            // with the same ids, since the commit may have happened all the same
            if (!identified) {
                identify(series, batch, outage.ids(batch.size()));
            }
            outage.keep(tenant, spooled(batch));
        }
    }

    private static void identify(TenantSeries series, List<Pending> batch, long[] ids) {
        for (int i = 0; i < ids.length; i++) {
            Pending one = batch.get(i);
            one.id = ids[i];
            TenantSeries.Place place = series.place(one.series.labels().metric(), one.id);
            one.segment = place.segment();
            one.slot = place.slot();
        }
    }

    private static List<SpoolFormat.Series> spooled(List<Pending> batch) {
        return batch.stream()
                .map(one -> new SpoolFormat.Series(
                        one.id,
                        one.series.identity().high(),
                        one.series.identity().low(),
                        one.segment,
                        one.slot,
                        LabelsJson.write(one.series.labels())))
                .toList();
    }

    /**
     * Stores series that were created while the database was away.
     *
     * @return the ids of those that another server stored first, by the ids they were given here
     */
    Map<Long, Long> store(TenantId tenant, List<SpoolFormat.Series> spooled) {
        TenantSeries series = of(tenant);
        Map<Long, Long> others = new HashMap<>();
        List<Pending> all = new ArrayList<>();
        for (SpoolFormat.Series one : spooled) {
            Pending pending = new Pending(
                    all.size(),
                    new NewSeries(new SeriesIdentity(one.high(), one.low()), LabelsJson.read(one.labels())));
            pending.id = one.id();
            pending.segment = one.segment();
            pending.slot = one.slot();
            all.add(pending);
        }
        for (int from = 0; from < all.size(); from += BATCH) {
            insert(tenant, all.subList(from, Math.min(from + BATCH, all.size())));
        }
        synchronized (series) {
            outage.stored(spooled);
            for (Pending one : all) {
                long given = spooled.get(one.position).id();
                if (one.id != given) {
                    others.put(given, one.id);
                    int ref = series.map.find(
                            one.series.identity().high(), one.series.identity().low());
                    if (ref >= 0) {
                        head.rename(ref, one.id);
                        segment(ref, one.segment);
                    }
                }
            }
        }
        return others;
    }

    private void insert(TenantId tenant, List<Pending> batch) {
        jdbc.run(tenant, connection -> {
            Set<Long> inserted = insert(connection, tenant, batch);
            if (inserted.size() < batch.size()) {
                adopt(connection, batch, inserted);
            }
        });
    }

    /** Takes the next ids of series. */
    long[] nextIds(int count) {
        return jdbc.callUnbound(connection -> nextIds(connection, count));
    }

    private static long[] nextIds(Connection connection, int count) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select nextval('auspex.series_id') from generate_series(1, ?)")) {
            statement.setInt(1, count);
            try (ResultSet row = statement.executeQuery()) {
                long[] ids = new long[count];
                for (int i = 0; row.next(); i++) {
                    ids[i] = row.getLong(1);
                }
                return ids;
            }
        }
    }

    private static Set<Long> insert(Connection connection, TenantId tenant, List<Pending> batch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setInt(1, tenant.value());
            statement.setArray(2, bigints(connection, batch.stream().map(one -> one.id)));
            statement.setArray(
                    3,
                    bigints(
                            connection,
                            batch.stream().map(one -> one.series.identity().high())));
            statement.setArray(
                    4,
                    bigints(
                            connection,
                            batch.stream().map(one -> one.series.identity().low())));
            statement.setArray(
                    5,
                    connection.createArrayOf(
                            "text",
                            batch.stream()
                                    .map(one -> metric(one.series.labels()))
                                    .toArray()));
            statement.setArray(
                    6,
                    connection.createArrayOf(
                            "text",
                            batch.stream()
                                    .map(one -> LabelsJson.write(one.series.labels()))
                                    .toArray()));
            statement.setArray(7, bigints(connection, batch.stream().map(one -> one.segment)));
            statement.setArray(
                    8,
                    connection.createArrayOf(
                            "smallint",
                            batch.stream().map(one -> (short) one.slot).toArray()));
            Set<Long> inserted = new java.util.HashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    inserted.add(row.getLong(1));
                }
            }
            return inserted;
        }
    }

    /** As text, unlike in the labels themselves, where JSON escapes what text cannot hold. */
    private static String metric(Labels labels) {
        return StoredText.of(labels.metric());
    }

    private static Array bigints(Connection connection, java.util.stream.Stream<Long> values) throws SQLException {
        return connection.createArrayOf("bigint", values.toArray());
    }

    /** Another node was first with some: theirs is the id. */
    private static void adopt(Connection connection, List<Pending> batch, Set<Long> inserted) throws SQLException {
        List<Pending> others =
                batch.stream().filter(one -> !inserted.contains(one.id)).toList();
        try (PreparedStatement statement = connection.prepareStatement("select u.n, s.series_id, s.segment"
                + " from unnest(?::bigint[], ?::bigint[]) with ordinality as u (h1, h2, n)"
                + " join auspex.series s on s.h1 = u.h1 and s.h2 = u.h2")) {
            statement.setArray(
                    1,
                    bigints(
                            connection,
                            others.stream().map(one -> one.series.identity().high())));
            statement.setArray(
                    2,
                    bigints(
                            connection,
                            others.stream().map(one -> one.series.identity().low())));
            int found = 0;
            try (ResultSet row = statement.executeQuery()) {
                for (; row.next(); found++) {
                    Pending one = others.get(row.getInt(1) - 1);
                    one.id = row.getLong(2);
                    one.segment = row.getLong(3);
                }
            }
            if (found < others.size()) {
                throw new SQLException("series vanished while it was being registered", "40001");
            }
        }
    }

    private static final class Pending {
        final int position;
        final NewSeries series;
        long id;
        long segment;
        int slot;

        Pending(int position, NewSeries series) {
            this.position = position;
            this.series = series;
        }
    }
}
