package io.auspex.series.control;

import io.auspex.series.Head;
import io.auspex.series.Labels;
import io.auspex.series.NewSeries;
import io.auspex.series.SampleAppender;
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
    private static final String INSERT =
            "insert into auspex.series (tenant_id, series_id, h1, h2, metric, labels, segment, slot)"
                    + " select ?, u.id, u.h1, u.h2, u.metric, u.labels::json, u.segment, u.slot"
                    + " from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::smallint[])"
                    + " as u (id, h1, h2, metric, labels, segment, slot)"
                    + " on conflict (tenant_id, h1, h2) do nothing returning series_id";

    private final TenantJdbc jdbc;
    private final Head head;
    private final int activeLimit;
    private final ConcurrentHashMap<TenantId, TenantSeries> tenants = new ConcurrentHashMap<>();
    private final AtomicLong created = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile long[] segments = new long[1 << 12];

    /** @param activeLimit series with recent samples that a tenant may have */
    SeriesRegistry(TenantJdbc jdbc, Head head, int activeLimit) {
        this.jdbc = jdbc;
        this.head = head;
        this.activeLimit = activeLimit;
    }

    TenantSeries of(TenantId tenant) {
        TenantSeries known = tenants.get(tenant);
        return known != null ? known : tenants.computeIfAbsent(tenant, absent -> new TenantSeries());
    }

    Set<TenantId> tenants() {
        return tenants.keySet();
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

    /** Loads a tenant's series; for start-up. */
    StoredIds load(TenantId tenant) {
        TenantSeries series = of(tenant);
        StoredIds ids = new StoredIds();
        synchronized (series) {
            jdbc.run(tenant, connection -> {
                try (PreparedStatement statement = connection.prepareStatement(
                        "select series_id, h1, h2, labels::text, segment, slot from auspex.series order by series_id")) {
                    statement.setFetchSize(5_000);
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            Labels labels = LabelsJson.read(row.getString(4));
                            series.placed(labels.metric(), row.getLong(5), row.getInt(6));
                            long id = row.getLong(1);
                            int ref =
                                    publish(tenant, series, id, row.getLong(2), row.getLong(3), labels, row.getLong(5));
                            ids.add(id, ref);
                        }
                    }
                }
            });
        }
        return ids;
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
            Integer before = seen.get(candidate.identity());
            if (before != null) {
                refs[i] = before;
                continue;
            }
            refs[i] = SampleAppender.REFUSED;
            if (limit.perMetric() > 0 && !countOf(series, candidate, limit.perMetric(), ofMetric)) {
                refs[i] = SampleAppender.REFUSED_BY_METRIC;
                refused.incrementAndGet();
            } else if (series.active + missing.size() < active) {
                missing.add(new Pending(i, candidate));
            } else {
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
        long[] ids = jdbc.callUnbound(connection -> nextIds(connection, batch.size()));
        for (int i = 0; i < ids.length; i++) {
            Pending one = batch.get(i);
            one.id = ids[i];
            TenantSeries.Place place = series.place(one.series.labels().metric(), one.id);
            one.segment = place.segment();
            one.slot = place.slot();
        }
        jdbc.run(tenant, connection -> {
            Set<Long> inserted = insert(connection, tenant, batch);
            if (inserted.size() < batch.size()) {
                adopt(connection, batch, inserted);
            }
        });
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

    /** Another server was first with some: theirs is the id. */
    private static void adopt(Connection connection, List<Pending> batch, Set<Long> inserted) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select series_id, segment from auspex.series where h1 = ? and h2 = ?")) {
            for (Pending one : batch) {
                if (!inserted.contains(one.id)) {
                    statement.setLong(1, one.series.identity().high());
                    statement.setLong(2, one.series.identity().low());
                    try (ResultSet row = statement.executeQuery()) {
                        if (!row.next()) {
                            throw new SQLException("series vanished while it was being registered", "40001");
                        }
                        one.id = row.getLong(1);
                        one.segment = row.getLong(2);
                    }
                }
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

    /** Stored ids with their refs, ascending by id. */
    static final class StoredIds {
        private long[] ids = new long[256];
        private int[] refs = new int[256];
        private int size;

        private void add(long id, int ref) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, size * 2);
                refs = Arrays.copyOf(refs, size * 2);
            }
            ids[size] = id;
            refs[size] = ref;
            size++;
        }

        /** The ref of a stored series, -1 when there is none. */
        int ref(long id) {
            int found = Arrays.binarySearch(ids, 0, size, id);
            return found < 0 ? -1 : refs[found];
        }

        int size() {
            return size;
        }
    }
}
