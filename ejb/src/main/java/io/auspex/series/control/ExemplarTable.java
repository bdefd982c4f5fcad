package io.auspex.series.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Meters;
import io.auspex.series.Exemplar;
import io.auspex.series.ExemplarStore;
import io.auspex.series.Head;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.SeriesExemplar;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Exemplars in PostgreSQL, beside the series they belong to.
 *
 * <p>A tenant keeps its latest ones: when a tenth more than the limit may have come, those before are deleted.
 */
final class ExemplarTable implements ExemplarStore {
    private static final String INSERT = "insert into auspex.exemplar (tenant_id, series_id, ts, labels, value)"
            + " select ?, u.* from unnest(?::bigint[], ?::bigint[], ?::text[], ?::float8[]) as u"
            + " on conflict do nothing";
    private static final String TRIM = "delete from auspex.exemplar where exemplar_id <= (select e.exemplar_id"
            + " from auspex.exemplar e order by e.exemplar_id desc offset ? limit 1)";
    private static final String SELECT = "select series_id, ts, labels, value from auspex.exemplar"
            + " where series_id = any (?) and ts between ? and ? order by series_id, ts, labels limit ?";

    private final TenantJdbc jdbc;
    private final Head head;
    private final SeriesRegistry registry;
    private final Tombstones tombstones;
    private final int perTenant;
    private final Meters meters;
    private final ConcurrentHashMap<TenantId, AtomicInteger> untilTrim = new ConcurrentHashMap<>();

    ExemplarTable(
            TenantJdbc jdbc, Head head, SeriesRegistry registry, Tombstones tombstones, int perTenant, Meters meters) {
        this.jdbc = jdbc;
        this.head = head;
        this.registry = registry;
        this.tombstones = tombstones;
        this.perTenant = perTenant;
        this.meters = meters;
    }

    @Override
    public int append(TenantId tenant, List<SeriesExemplar> exemplars) {
        int count = exemplars.size();
        if (count == 0 || perTenant == 0) {
            return 0;
        }
        Object[] series = new Object[count];
        Object[] times = new Object[count];
        Object[] labels = new Object[count];
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            Exemplar exemplar = exemplars.get(i).exemplar();
            series[i] = head.seriesId(exemplars.get(i).ref());
            times[i] = exemplar.epochMillis();
            labels[i] = LabelsJson.write(exemplar.labels());
            values[i] = exemplar.value();
        }
        // the first time since the start the table may be full already
        AtomicInteger left = untilTrim.computeIfAbsent(tenant, absent -> new AtomicInteger());
        boolean trim = left.addAndGet(-count) < 0;
        try {
            write(tenant, series, times, labels, values, trim);
        } catch (AuspexException e) {
            if (e.code() != Code.UNAVAILABLE) {
                throw e;
            }
            // their samples are stored by now, so that the sender must not be told to repeat them
            meters.counter("auspex_exemplars_dropped_total", "Exemplars that the database was not there to take.")
                    .with()
                    .add(count);
            return 0;
        }
        if (trim) {
            left.set(Math.max(1, perTenant / 10));
        }
        meters.counter("auspex_exemplars_total", "Exemplars stored, those that were there already included.")
                .with()
                .add(count);
        return count;
    }

    private void write(
            TenantId tenant, Object[] series, Object[] times, Object[] labels, Object[] values, boolean trim) {
        jdbc.run(tenant, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setInt(1, tenant.value());
                insert.setArray(2, connection.createArrayOf("bigint", series));
                insert.setArray(3, connection.createArrayOf("bigint", times));
                insert.setArray(4, connection.createArrayOf("text", labels));
                insert.setArray(5, connection.createArrayOf("float8", values));
                insert.executeUpdate();
            }
            if (trim) {
                trim(connection);
            }
        });
    }

    private void trim(Connection connection) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(TRIM)) {
            delete.setInt(1, perTenant);
            delete.executeUpdate();
        }
    }

    /** Deletes exemplars within a transaction that is bound to their tenant; the range is inclusive on both ends. */
    static void erase(Connection connection, Collection<Long> series, long fromMillis, long toMillis)
            throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "delete from auspex.exemplar where series_id = any (?) and ts between ? and ?")) {
            delete.setArray(1, connection.createArrayOf("bigint", series.toArray()));
            delete.setLong(2, fromMillis);
            delete.setLong(3, toMillis);
            delete.executeUpdate();
        }
    }

    @Override
    public SortedMap<Labels, List<Exemplar>> find(
            TenantId tenant, List<Matcher> matchers, long fromMillis, long toMillis, int limit) {
        TenantSeries series = registry.of(tenant);
        Tombstones.Hidden hidden = tombstones.of(tenant);
        Map<Long, Integer> refs = new HashMap<>();
        Map<Long, Labels> wanted = new HashMap<>();
        for (int ref : series.index.match(matchers).toArray()) {
            Labels labels = series.index.labels(ref);
            if (labels != null) {
                wanted.put(head.seriesId(ref), labels);
                refs.put(head.seriesId(ref), ref);
            }
        }
        if (wanted.isEmpty()) {
            return new TreeMap<>();
        }
        return jdbc.call(tenant, connection -> {
            SortedMap<Labels, List<Exemplar>> found = new TreeMap<>();
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setArray(
                        1, connection.createArrayOf("bigint", wanted.keySet().toArray()));
                select.setLong(2, fromMillis);
                select.setLong(3, toMillis);
                select.setInt(4, limit);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        Labels labels = wanted.get(row.getLong(1));
                        if (labels != null && !hidden.hides(refs.getOrDefault(row.getLong(1), -1), row.getLong(2))) {
                            found.computeIfAbsent(labels, absent -> new ArrayList<>())
                                    .add(new Exemplar(
                                            LabelsJson.read(row.getString(3)), row.getDouble(4), row.getLong(2)));
                        }
                    }
                }
            }
            return found;
        });
    }
}
